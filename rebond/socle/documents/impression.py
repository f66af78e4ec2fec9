"""WeasyPrint, and what it may fetch.

Importing this takes a second: only `rebond.socle.documents.stockage` does, and late.
"""

import gc
import hashlib
import mimetypes
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

from rebond.socle.documents import parties
from rebond.socle.texte.caracteres import sans_invisibles
from rebond.socle.texte.polices import SUBSTITUT, non_imprimables, remplacer

# Laying out makes objects by the hundred thousand, nearly all of which it keeps to the end: looking for what may go
# among them at each few hundred is a fifth of its time.
RARES = (50_000, 20, 100)
NOTE = (
    f'<p class="non-imprimables">«\u00a0{SUBSTITUT}\u00a0» tient la place d’un caractère que ce document ne peut pas '
    "imprimer. Il se lit sur le portail.</p>"
)


class FichiersDuPortail(URLFetcher):
    """Our own static files, as `statique:/path`, and `data:` addresses; the network never."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=["data"], allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        morceaux = urlsplit(url)
        if morceaux.scheme != "statique":
            return super().fetch(url, headers)
        chemin = finders.find(morceaux.path.lstrip("/"))
        if chemin is None:
            raise ValueError(f"Fichier statique introuvable : {url}")
        type_mime = mimetypes.guess_type(chemin)[0] or "application/octet-stream"
        return URLFetcherResponse(url, Path(chemin).read_bytes(), {"Content-Type": type_mime})


class Ramassages:
    """Meanwhile Python looks less often for what nothing refers to any more; it weighs some fifteen megabytes. Of
    several documents at once the first finds how often it looked, whoever chose it, and the last puts it back."""

    def __init__(self) -> None:
        self._verrou = Lock()
        self._en_cours = 0
        self._ordinaires = gc.get_threshold()

    @contextmanager
    def rares(self) -> Iterator[None]:
        with self._verrou:
            if not self._en_cours:
                self._ordinaires = gc.get_threshold()
                gc.set_threshold(*RARES)
            self._en_cours += 1
        try:
            yield
        finally:
            with self._verrou:
                self._en_cours -= 1
                if not self._en_cours:
                    gc.set_threshold(*self._ordinaires)


RAMASSAGES = Ramassages()


def lisible(html: str) -> str:
    """The page without what nobody sees, which was not always cleaned at the door; and with what no font has replaced
    by a sign that is printed, and a note that says so: a box would say nothing.
    """
    html = sans_invisibles(html)
    absents = non_imprimables(html)
    if not absents:
        return html
    debut, fin, reste = remplacer(html, absents).rpartition("</body>")
    return f"{debut}{NOTE}{fin}{reste}"


def imprimer(html: str, *, identifiant: str) -> bytes:
    html = lisible(html)
    identifiant_pdf = hashlib.md5(identifiant.encode(), usedforsecurity=False).digest()
    if parties.longue(html):
        return parties.imprimer_par_parties(html, identifiant=identifiant_pdf.hex())
    with RAMASSAGES.rares():
        pdf: bytes = HTML(string=html, base_url="statique:/", url_fetcher=FichiersDuPortail()).write_pdf(
            pdf_variant="pdf/ua-1", pdf_identifier=identifiant_pdf
        )
    return pdf
