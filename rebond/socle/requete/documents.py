"""The answer to whoever asks for a document that is laid out at once."""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.documents.preparation import preparer

#: Seconds between two tries, which the browser makes by itself, without a script.
PATIENCE = 3


def document_prepare(
    request: HttpRequest, cle: str, fabriquer: Callable[[], bytes], *, nom: str, type_mime: str
) -> HttpResponse:
    """The file; or, while another one is being made, the page that says so and asks again (202)."""
    octets = preparer(cle, fabriquer)
    if octets is None:
        attente = render(request, "erreurs/document_en_preparation.html", status=202)
        attente["Refresh"] = str(PATIENCE)
        attente["Cache-Control"] = "private, no-store"
        return attente
    entetes = {"Content-Disposition": disposition(nom), "Cache-Control": "private, no-store"}
    return HttpResponse(octets, content_type=type_mime, headers=entetes)
