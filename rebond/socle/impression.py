"""WeasyPrint, and what it may fetch. Importing this takes a second: only `rebond.socle.documents` does, and late."""

import hashlib
import mimetypes
from pathlib import Path
from urllib.parse import urlsplit

from django.contrib.staticfiles import finders
from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse


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


def imprimer(html: str, *, identifiant: str) -> bytes:
    identifiant_pdf = hashlib.md5(identifiant.encode(), usedforsecurity=False).digest()
    pdf: bytes = HTML(string=html, base_url="statique:/", url_fetcher=FichiersDuPortail()).write_pdf(
        pdf_variant="pdf/ua-1", pdf_identifier=identifiant_pdf
    )
    return pdf
