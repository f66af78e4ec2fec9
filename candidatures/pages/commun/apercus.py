"""The picture of one page of what people sent, for whoever may open it."""

from typing import Any

from django.http import FileResponse, Http404

from rebond.socle.documents.lectures import apercus
from rebond.socle.documents.models import Document
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.surveillance.antivirus import exiger_servi

#: What a view reads with the attachment.
CONNUS = ("document__analyse", "document__effacement", "document__lecture")


def page_dessinee(document: Document, nom: str, rang: int) -> FileResponse:
    """Raises `DocumentRetenu` as the file itself would, Http404 for a page that is not drawn."""
    exiger_servi(document, nom)
    lecture: Any = getattr(document, "lecture", None)
    if lecture is None or not 1 <= rang <= lecture.dessinees:
        raise Http404
    try:
        fichier = apercus.ouvrir(document.sha256, rang)
    except FileNotFoundError:
        raise Http404 from None
    reponse = FileResponse(fichier, content_type=apercus.TYPE_MIME)
    nommee = f"{nom.rpartition('.')[0] or nom} – page {rang}.jpg"
    reponse["Content-Disposition"] = disposition(nommee, telecharger=False)
    reponse["Cache-Control"] = "private, no-store"
    return reponse
