"""What every file that leaves the portal says to the browser, whoever makes it: it is no page of the portal."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponseBase

PAGE = "text/html"
PDF = "application/pdf"
POLITIQUE = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors {cadre}"


class FichiersIsolesMiddleware:
    """A file opened by a browser has no origin, runs and loads nothing (`sandbox`), and no other site embeds it.

    Anything is a file but a page: a page that is given to be kept (Content-Disposition) is one. Placed inside the
    policy of pages, which leaves a policy that it finds alone.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        reponse = self.get_response(request)
        if est_un_fichier(reponse):
            isoler(reponse)
        return reponse


def est_un_fichier(reponse: HttpResponseBase) -> bool:
    return "Content-Disposition" in reponse or _type(reponse) not in {"", PAGE}


def isoler(reponse: HttpResponseBase) -> None:
    """Without `sandbox` for a PDF shown in a page of ours: Chromium shows none that is sandboxed. Its reader is a
    process apart, and `nosniff` lets nothing else read these bytes.
    """
    encadre = reponse.get("X-Frame-Options") == "SAMEORIGIN"
    politique = POLITIQUE.format(cadre="'self'" if encadre else "'none'")
    telecharge = reponse.get("Content-Disposition", "").startswith("attachment")
    if telecharge or not (encadre and _type(reponse) == PDF):
        politique += "; sandbox"
    reponse["Content-Security-Policy"] = politique
    reponse["Cross-Origin-Resource-Policy"] = "same-origin"
    reponse["X-Content-Type-Options"] = "nosniff"


def _type(reponse: HttpResponseBase) -> str:
    return reponse.get("Content-Type", "").partition(";")[0].strip().lower()
