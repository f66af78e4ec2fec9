"""The antivirus, when one is configured: clamd, spoken to over TCP or a Unix socket.

Where `settings.ANTIVIRUS` is set, a file that people sent is in quarantine until it has been scanned; what was found
infected is never served. Protocol: clamd(8), command INSTREAM.
"""

import socket
import struct
from contextlib import closing
from dataclasses import dataclass
from enum import StrEnum
from typing import IO

from django.conf import settings
from django.db.models import QuerySet
from django.http import FileResponse

from rebond.socle.documents import stockage as documents
from rebond.socle.documents.effacements import efface_le
from rebond.socle.documents.lisibilites import mention
from rebond.socle.documents.models import Analyse, Document
from rebond.socle.erreurs import RegleEnfreinte

BLOC = 64 * 1024
CONNEXION = 5.0
# Between two signs of life of clamd, which scans for two minutes at most by default (MaxScanTime).
REPONSE = 150.0
REPONSE_MAX = 4096
RESTE = (
    "Il contenait des données qui ne devaient pas y être. Son nom, sa taille et son empreinte restent, pour que ce "
    "qui le cite puisse être vérifié."
)


class EtatAnalyse(StrEnum):
    SERVIE = "servie"
    EN_ATTENTE = "en_attente"
    INFECTEE = "infectee"
    EFFACEE = "effacee"


@dataclass(frozen=True)
class Verdict:
    """`detail` is the name of what was found; empty for a sound file."""

    saine: bool
    detail: str = ""


class AntivirusInjoignable(Exception):
    """clamd does not answer. Nothing is known of any file."""


class AnalyseImpossible(Exception):
    """clamd gave no verdict on this file, which stays in quarantine; others may fare better."""


class DocumentRetenu(RegleEnfreinte):
    """A file that may not be read, now or ever; the sentence says which."""


class DocumentEfface(DocumentRetenu):
    """A file whose bytes are gone, and will not come back."""

    statut = 410


def etat(document: Document) -> EtatAnalyse:
    """Whether `document`, whose `analyse` and `effacement` are read, may be served."""
    if efface_le(document) is not None:
        return EtatAnalyse.EFFACEE
    analyse: Analyse | None = getattr(document, "analyse", None)
    if analyse is not None:
        return EtatAnalyse.SERVIE if analyse.saine else EtatAnalyse.INFECTEE
    return EtatAnalyse.EN_ATTENTE if settings.ANTIVIRUS else EtatAnalyse.SERVIE


def servis() -> QuerySet[Document]:
    """The documents of which `etat` says that they may be served."""
    gardes = Document.objects.exclude(effacement__signe_le__isnull=False)
    return gardes.filter(analyse__saine=True) if settings.ANTIVIRUS else gardes.exclude(analyse__saine=False)


def servir(document: Document, nom: str, *, telecharger: bool = True) -> FileResponse:
    """Like `documents.reponse`, for what people sent. Raises `DocumentRetenu` in quarantine, infected, erased."""
    exiger_servi(document, nom)
    return documents.reponse(document, nom, telecharger=telecharger)


def exiger_servi(document: Document, nom: str) -> None:
    """Raises `DocumentRetenu` for one of which nothing may be shown, with the reason."""
    match etat(document):
        case EtatAnalyse.EFFACEE:
            raise DocumentEfface(f"«\u00a0{nom}\u00a0»\u00a0: {mention(document)}. {RESTE}")
        case EtatAnalyse.EN_ATTENTE:
            raise DocumentRetenu(
                f"«\u00a0{nom}\u00a0» est en cours d’analyse par l’antivirus. Vous pourrez l’ouvrir dès qu’elle sera "
                "terminée, en général dans la minute."
            )
        case EtatAnalyse.INFECTEE:
            raise DocumentRetenu(
                f"«\u00a0{nom}\u00a0» n’est pas accessible\u00a0: l’antivirus y a trouvé un programme malveillant."
            )


def analyser(fichier: IO[bytes]) -> Verdict:
    """Have `fichier` scanned, sent by blocks.

    Raises `AntivirusInjoignable` when there is nobody to ask, `AnalyseImpossible` when no verdict came.
    """
    try:
        prise = _connexion()
    except OSError as panne:
        raise AntivirusInjoignable(str(panne)) from panne
    with closing(prise):
        try:
            _envoyer(prise, fichier)
            return _verdict(_reponse(prise))
        except OSError as panne:
            raise AnalyseImpossible(str(panne)) from panne


def _connexion() -> socket.socket:
    adresse = settings.ANTIVIRUS
    if adresse.startswith("/"):
        prise = socket.socket(socket.AF_UNIX)
        prise.settimeout(CONNEXION)
        try:
            prise.connect(adresse)
        except OSError:
            prise.close()
            raise
    else:
        hote, _, port = adresse.rpartition(":")
        prise = socket.create_connection((hote.strip("[]"), int(port)), timeout=CONNEXION)
    prise.settimeout(REPONSE)
    return prise


def _envoyer(prise: socket.socket, fichier: IO[bytes]) -> None:
    """Length and bytes of each block; a length of zero ends the stream."""
    try:
        prise.sendall(b"zINSTREAM\0")
        while bloc := fichier.read(BLOC):
            prise.sendall(struct.pack(">L", len(bloc)) + bloc)
        prise.sendall(struct.pack(">L", 0))
    except (BrokenPipeError, ConnectionResetError):
        # clamd hangs up in the middle of a stream that it finds too long; its answer, read next, says so.
        return


def _reponse(prise: socket.socket) -> str:
    recu = b""
    while not recu.endswith(b"\0") and len(recu) < REPONSE_MAX:
        suite = prise.recv(REPONSE_MAX)
        if not suite:
            break
        recu += suite
    return recu.rstrip(b"\0").decode(errors="replace")


def _verdict(reponse: str) -> Verdict:
    _, _, dit = reponse.partition(": ")
    if dit == "OK":
        return Verdict(saine=True)
    if dit.endswith(" FOUND"):
        return Verdict(saine=False, detail=dit.removesuffix(" FOUND")[:200])
    raise AnalyseImpossible(reponse or "réponse vide")
