"""What every request goes through."""

from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import MiddlewareNotUsed
from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.shortcuts import redirect, render

from rebond.socle.bdd.lecture import en_lecture, morceaux_en_lecture
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.horloges import observer_le_mandataire
from rebond.socle.horloge.temps import une_seule_heure
from rebond.socle.requete import saisies
from rebond.socle.requete.chemins import LISTE, page_parente
from rebond.socle.texte.caracteres import en_une_ligne

Suite = Callable[[HttpRequest], HttpResponse]


class AdresseNetteMiddleware:
    """Query strings are cleaned like forms, and a cookie that holds a NUL is as if it had not been sent.

    PostgreSQL refuses a NUL in any text: a search, a page number or a session key with one would be a server error.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        recu = {cle: request.GET.getlist(cle) for cle in request.GET}
        net = {en_une_ligne(cle): [en_une_ligne(valeur) for valeur in valeurs] for cle, valeurs in recu.items()}
        if net != recu:
            request.GET = QueryDict(urlencode(net, doseq=True))
        for nom in [nom for nom, valeur in request.COOKIES.items() if "\x00" in valeur]:
            del request.COOKIES[nom]
        return self.get_response(request)


class HorlogeDuMandataireMiddleware:
    """Every request tells how far the reverse proxy's clock is: a deposit is not judged on the first one seen."""

    def __init__(self, get_response: Suite) -> None:
        if not settings.MANDATAIRE_DE_CONFIANCE:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        observer_le_mandataire(request)
        return self.get_response(request)


class LectureSeuleMiddleware:
    """A GET or a HEAD never writes: prefetchers, crawlers and previews would act in people's names.

    Sessions are the visitor's own thread, and are written outside of it. PostgreSQL holds the rest.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        if request.method not in {"GET", "HEAD"}:
            return self.get_response(request)
        if settings.SESSION_COOKIE_NAME in request.COOKIES:
            # Django ends a session whose password has changed since, or renews one signed by a former key.
            bool(request.user.is_authenticated)
        # The page goes by the instant at which its reader was known, or by one that it asks for.
        with en_lecture(), une_seule_heure(getattr(getattr(request, "session", None), "instant", None)):
            reponse: HttpResponseBase = self.get_response(request)
        # A file already has its bytes: the server sends it by itself.
        if isinstance(reponse, StreamingHttpResponse) and not isinstance(reponse, FileResponse):
            reponse.streaming_content = morceaux_en_lecture(iter(reponse.streaming_content))  # type: ignore[arg-type]
        return reponse


class RegleEnfreinteMiddleware:
    """A broken rule that a view let out is a conflict (409) told in French, never a server error."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        if not isinstance(exception, RegleEnfreinte):
            return None
        contexte = {
            "message": exception.message,
            "mene_a": exception.mene_a,
            "retour": page_parente(request.path, request.GET.get(LISTE)),
        }
        return render(request, "erreurs/regle.html", contexte, status=exception.statut)


class SessionExpireeMiddleware:
    """What someone sends after their session has expired is not done: the page where one signs in says so.

    It waits in their session, and is offered to them, to be sent again or not, once they are signed in.
    """

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if saisies.ABANDON in request.GET:
            saisies.oublier_la_saisie(request)
        reponse = self.get_response(request)
        if request.method == "POST":
            if saisies.demande_la_connexion(request, reponse):
                messages.error(request, saisies.refuser_faute_de_session(request))
            elif settings.SESSION_COOKIE_NAME in request.COOKIES and not saisies.la_reprend(request):
                saisies.oublier_la_saisie(request)
            return reponse
        if request.method == "GET" and settings.SESSION_COOKIE_NAME in request.COOKIES:
            return self._proposer(request, reponse) or reponse
        return reponse

    def process_view(
        self, request: HttpRequest, vue: Callable[..., HttpResponseBase], _arguments: Any, _options: Any
    ) -> None:
        request.vue = vue  # type: ignore[attr-defined]

    def _proposer(self, request: HttpRequest, reponse: HttpResponse) -> HttpResponse | None:
        gardee = saisies.saisie_gardee(request)
        if gardee is None or saisies.la_reprend(request) or not request.user.is_authenticated:
            return None
        # Only once the page itself has let this person in; that of an act lets nobody in.
        if reponse.status_code == 200 or (hasattr(reponse, "acte") and saisies.signee_de_son_auteur(request)):
            return saisies.proposer(request, gardee)
        return None


class MethodeRefuseeMiddleware:
    """An address that only receives: whoever opens it is led to the page above it, where its button is."""

    def __init__(self, get_response: Suite) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        if reponse.status_code != 405 or not request.accepts("text/html"):
            return reponse
        if request.method in {"GET", "HEAD"} and (page := page_parente(request.path_info, request.GET.get(LISTE))):
            menee = redirect(page.adresse)
            menee.acte = True  # type: ignore[attr-defined]
            return menee
        refus = render(request, "405.html", status=405)
        refus["Allow"] = reponse["Allow"]
        return refus
