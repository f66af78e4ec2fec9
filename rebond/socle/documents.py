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

from rebond.socle.models import Document

journal = logging.getLogger(__name__)
BLOC = 1024 * 1024


def enregistrer(contenu: bytes, *, type_mime: str) -> Document:
    """Keep `contenu` once under its SHA-256 and return its row."""
    return enregistrer_fichier(ContentFile(contenu), type_mime=type_mime)


def enregistrer_fichier(fichier: File, *, type_mime: str) -> Document:
    """Like `enregistrer` for an uploaded file, read by blocks: memory does not grow with its size."""
    somme = hashlib.sha256()
    taille = 0
    for bloc in fichier.chunks(BLOC):
        somme.update(bloc)
        taille += len(bloc)
    sha256 = somme.hexdigest()
    with transaction.atomic():
        document, cree = Document.objects.get_or_create(
            sha256=sha256, defaults={"taille": taille, "type_mime": type_mime}
        )
        if cree:
            # Bytes without a row are what a crash left: they may be cut short.
            default_storage.delete(document.chemin)
            fichier.seek(0)
            default_storage.save(document.chemin, fichier)
    return document


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
    reponse_ = FileResponse(fichier, as_attachment=telecharger, filename=nom, content_type=document.type_mime)
    reponse_["Cache-Control"] = "private, no-store"
    return reponse_


def rendre_html(gabarit: str, contexte: Mapping[str, Any]) -> str:
    return render_to_string(gabarit, dict(contexte))


def html_en_pdf(html: str, *, identifiant: str) -> bytes:
    """Tagged PDF (PDF/UA-1, ISO 14289-1) of a complete HTML page.

    `identifiant` fixes the PDF's file identifier, so that the same page gives the same bytes. Only our own
    static files and `data:` addresses are fetched; anything else is left out and logged as an error.
    """
    from rebond.socle.impression import imprimer

    return imprimer(html, identifiant=identifiant)


def rendre_pdf(gabarit: str, contexte: Mapping[str, Any], *, identifiant: str) -> bytes:
    return html_en_pdf(rendre_html(gabarit, contexte), identifiant=identifiant)
