"""Stored files and printed documents.

A document is made in three steps that tests read apart: a frozen dataclass, HTML, bytes.
"""

import hashlib
import logging
from collections.abc import Mapping
from typing import IO, Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import default_storage
from django.db import transaction
from django.http import FileResponse, Http404
from django.template.loader import render_to_string

from rebond.socle.bdd import verrous
from rebond.socle.documents.effacements import EffacementDeDocument, verrou_des_octets
from rebond.socle.documents.etrangers import Etranger, nommer
from rebond.socle.documents.models import Document, Orphelin
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.erreurs import RegleEnfreinte

journal = logging.getLogger(__name__)
BLOC = 1024 * 1024
# Of what nobody recognised: it is only ever downloaded.
TYPE_INCONNU = "application/octet-stream"
DEJA_EFFACE = (
    "Ce fichier ne peut pas être gardé\u00a0: il contient des données qui ne doivent pas être sur le portail. "
    "Joignez-en une version qui ne les contient pas."
)


def enregistrer(contenu: bytes, *, type_mime: str) -> Document:
    """Keep `contenu` once under its SHA-256 and return its row."""
    return enregistrer_fichier(ContentFile(contenu), type_mime=type_mime)


def enregistrer_fichier(fichier: File, *, type_mime: str) -> Document:
    """Like `enregistrer` for an uploaded file, read by blocks: memory does not grow with its size.

    Raises RegleEnfreinte for bytes that were erased: what they hold has no place here.
    """
    somme = hashlib.sha256()
    taille = 0
    for bloc in fichier.chunks(BLOC):
        somme.update(bloc)
        taille += len(bloc)
    sha256 = somme.hexdigest()
    with transaction.atomic():
        # Meanwhile nobody takes these bytes away (`menage`).
        verrous.partager(verrou_des_octets(sha256))
        document, cree = _ligne(sha256, taille, type_mime)
        if cree:
            # Bytes without a row are what a crash left: they may be cut short.
            default_storage.delete(document.chemin)
            fichier.seek(0)
            default_storage.save(document.chemin, fichier)
    return document


def _ligne(sha256: str, taille: int, type_mime: str) -> tuple[Document, bool]:
    """The row of these bytes, which their lock keeps until the end of the transaction, and whether it is new. What it
    had to wait for before going begins again.
    """
    document, cree = Document.objects.get_or_create(sha256=sha256, defaults={"taille": taille, "type_mime": type_mime})
    if not cree:
        if EffacementDeDocument.objects.filter(document=document).exclude(signe_le=None).exists():
            raise RegleEnfreinte(DEJA_EFFACE)
        Orphelin.objects.filter(document=document).delete()
    return document, cree


def ouvrir(document: Document) -> IO[bytes]:
    return default_storage.open(document.chemin, "rb")


def lire(document: Document) -> bytes:
    with ouvrir(document) as fichier:
        return fichier.read()


def reponse(document: Document, nom: str, *, telecharger: bool = True) -> FileResponse:
    """Serve a document; the caller has already checked that the visitor may read it. 404 when the bytes are gone."""
    try:
        fichier = ouvrir(document)
    except FileNotFoundError:
        journal.error("Document %s absent du stockage.", document.sha256)
        raise Http404 from None
    type_mime = type_de(document)
    reponse_ = FileResponse(
        fichier, as_attachment=telecharger, filename=nom_servi(nom, fichier, type_mime), content_type=type_mime
    )
    reponse_["Cache-Control"] = "private, no-store"
    return reponse_


def nom_servi(nom: str, fichier: IO[bytes], type_mime: str) -> str:
    """The name under which a file leaves: what it was called, with the ending of what it is.

    A name was clean when it came in; one that came before that, or that nobody recognised, is set right here.
    """
    if type_mime != TYPE_INCONNU:
        return nom_propre(nom, type_mime)
    return nom_propre(nom, nommer(fichier) or Etranger("", ""))


def type_de(document: Document) -> str:
    """The media type of its content, as it was last recognised: the portal may know better than when it came in."""
    trouvee = getattr(document, "lisibilite", None)
    return (trouvee.contenu if trouvee else "") or document.type_mime


def rendre_html(gabarit: str, contexte: Mapping[str, Any]) -> str:
    return render_to_string(gabarit, dict(contexte))


def html_en_pdf(html: str, *, identifiant: str) -> bytes:
    """Tagged PDF (PDF/UA-1, ISO 14289-1) of a complete HTML page.

    `identifiant` fixes the PDF's file identifier, so that the same page gives the same bytes. Only our own
    static files and `data:` addresses are fetched; anything else is left out and logged as an error.
    """
    from rebond.socle.documents.impression import imprimer  # late: heavy

    return imprimer(html, identifiant=identifiant)
