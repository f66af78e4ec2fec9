"""Photos made into one PDF, in the order in which they come: what a town hall without a scanner sends.

The work is that of a process of its own (`photographe`), bounded in time and memory; at most `ENSEMBLE` at once, and
`EN_ATTENTE` requests that wait for their turn: the other threads of a web process serve everybody else.

It is done within the request, and by no worker: what a page says is attached is attached. Whoever sends photos in the
last minute deposits next, and a deposit takes what is there at its own instant.
"""

import json
import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO

from rebond.socle.documents.a_part import PRET, Bornes, lancer
from rebond.socle.erreurs import RegleEnfreinte

journal = logging.getLogger(__name__)

PHOTOGRAPHE = Path(__file__).with_name("photographe.py")
PHOTOS_MAX = 20
# Bytes of all the photos together: twenty of a telephone.
TAILLE_MAX = 120 * 1024 * 1024
EXTENSIONS = (".jpg", ".jpeg", ".png", ".heic", ".heif")
# Seconds of processor, of patience, on the clock; bytes of address space.
PROCESSEUR, PATIENCE, DELAI = 40, 20.0, 90.0
MEMOIRE = 1536 * 1024 * 1024
ENSEMBLE, EN_ATTENTE = 2, 2
BLOC = 1024 * 1024

OCCUPE = "Le portail réunit déjà d’autres photos. Attendez une minute, puis recommencez\u00a0: rien n’est perdu."
RAISONS = {
    "format": "n’est ni une photo JPEG, ni PNG, ni HEIC, quel que soit son nom. Prenez-la de nouveau, ou retirez-la.",
    "abime": "ne s’ouvre pas jusqu’au bout. Prenez-la de nouveau, ou choisissez une autre copie.",
    "demesure": "est trop grande. Réduisez-la à 100 millions de pixels au plus.",
}

_file = BoundedSemaphore(ENSEMBLE + EN_ATTENTE)
_place = BoundedSemaphore(ENSEMBLE)


def reunir(photos: Sequence[IO[bytes]], noms: Sequence[str]) -> bytes:
    """The PDF of `photos`, one page each, upright. Raises `RegleEnfreinte`, which names the photo that is at fault by
    its rank and its name.
    """
    with _tour(), TemporaryFile() as ensemble:
        tailles = [_ajouter(photo, ensemble) for photo in photos]
        ensemble.seek(0)
        return _lancer(ensemble, tailles, noms)


@contextmanager
def _tour() -> Iterator[None]:
    """One's turn. Raises `RegleEnfreinte` at once when too many wait, and after `PATIENCE` otherwise."""
    if not _file.acquire(blocking=False):
        raise RegleEnfreinte(OCCUPE)
    try:
        if not _place.acquire(timeout=PATIENCE):
            raise RegleEnfreinte(OCCUPE)
        try:
            yield
        finally:
            _place.release()
    finally:
        _file.release()


def _ajouter(photo: IO[bytes], ensemble: IO[bytes]) -> int:
    photo.seek(0)
    taille = 0
    while bloc := photo.read(BLOC):
        taille += ensemble.write(bloc)
    return taille


def _lancer(ensemble: IO[bytes], tailles: Sequence[int], noms: Sequence[str]) -> bytes:
    fini = lancer(
        PHOTOGRAPHE, Bornes(PROCESSEUR, DELAI, MEMOIRE), [str(taille) for taille in tailles], entree=ensemble
    )
    if fini is None:
        raise RegleEnfreinte(OCCUPE)
    entete, _, pdf = fini.stdout.removeprefix(PRET).partition(b"\n")
    try:
        dit = json.loads(entete)
    except ValueError:
        erreur = fini.stderr[-500:].decode("utf-8", "replace")
        journal.warning("Des photos n’ont pas pu être réunies (%s) : %s", fini.returncode, erreur)
        trop = fini.returncode in {-signal.SIGXCPU, -signal.SIGKILL} or "MemoryError" in erreur
        raise RegleEnfreinte(
            "Ces photos sont trop lourdes pour être réunies ensemble\u00a0: réunissez-en moins à la fois."
            if trop
            else "Ces photos n’ont pas pu être réunies. Recommencez, ou joignez-les une par une."
        ) from None
    if rang := dit["rang"]:
        raise RegleEnfreinte(f"La photo {rang} («\u00a0{noms[rang - 1]}\u00a0») {RAISONS[dit['raison']]}")
    return pdf
