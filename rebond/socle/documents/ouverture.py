"""« Can it be opened? »: asked of every file before it is taken, and of those that came another way.

A PDF is opened by a process of its own (`rebond.socle.documents.ouvreur`), bounded in time and memory, at most
`ENSEMBLE` at once: whatever the file, no request waits longer than `PATIENCE` and its bound. A file that a busy
machine could not open in time is not held against its sender: it is not judged, and a worker opens it later.
"""

import hashlib
import json
import logging
import os
import signal
from collections import OrderedDict
from collections.abc import Hashable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryFile
from threading import BoundedSemaphore
from typing import IO, Any

from rebond.socle.documents import integrite
from rebond.socle.documents.a_part import MEMOIRE, PRET, Bornes, lancer
from rebond.socle.documents.etats import Ouverture
from rebond.socle.documents.formats import Contenu, reconnaitre
from rebond.socle.texte.typographie import compte

journal = logging.getLogger(__name__)

OUVREUR = Path(__file__).with_name("ouvreur.py")
# Seconds of processor. 200 MB that have lost the table of their objects take 3 s.
PROCESSEUR = 8
# Seconds on the clock: for a request, and for a worker, which has all its time.
DELAI, DELAI_DU_SERVICE = 12.0, 120.0
ENSEMBLE, PATIENCE = 2, 8.0
RETENUS = 64
IMAGES = frozenset({Contenu.JPEG, Contenu.PNG})
DETAIL_MAX = 200
REMEDES = {
    Ouverture.MOT_DE_PASSE: "Enregistrez-en une copie sans mot de passe, et joignez cette copie.",
    Ouverture.COUPE: "Une copie ou un téléchargement a dû s’interrompre\u00a0: retrouvez l’original, vérifiez qu’il "
    "s’ouvre, et joignez-le de nouveau.",
    Ouverture.VIDE: "Recommencez l’export ou la numérisation, vérifiez que le fichier s’ouvre, et joignez-le.",
    Ouverture.PORTE_DOCUMENTS: "Ouvrez-le, enregistrez chacun des fichiers qu’il contient, et joignez-les un par un.",
    Ouverture.FORMULAIRE: "Ouvrez-le dans Adobe Reader, imprimez-le au format PDF, et joignez ce PDF.",
    Ouverture.MACROS: "Enregistrez-le sans macros, ou en PDF.",
    Ouverture.ABIME: "Retrouvez l’original, vérifiez qu’il s’ouvre, et joignez-le de nouveau.",
    Ouverture.DEMESURE: "Imprimez-le au format PDF, ou numérisez-le, et joignez ce PDF.",
}

_place = BoundedSemaphore(ENSEMBLE)
_connus: OrderedDict[Hashable, "Examen"] = OrderedDict()


@dataclass(frozen=True)
class Examen:
    """`ouverture` is None when the machine was too busy to tell. `pages` are those of a file that can be read."""

    contenu: Contenu | None
    ouverture: Ouverture | None
    pages: int | None = None
    detail: str = ""

    @property
    def refus(self) -> str:
        """What is the matter and what to do about it, in sentences; empty when nothing is."""
        if self.ouverture in {None, Ouverture.LISIBLE, Ouverture.INCONNU}:
            return ""
        detail = f" ({self.detail})" if self.detail else ""
        return f"Ce fichier est {self.ouverture.label}{detail}. {REMEDES[self.ouverture]}"

    @property
    def usage(self) -> str:
        return usage(self.ouverture, self.pages, self.detail, est_image=self.contenu in IMAGES)


def usage(ouverture: Ouverture | None, pages: int | None, detail: str, *, est_image: bool) -> str:
    """« lisible, 4 pages », « image, 1 page », « protégé par un mot de passe : personne ne peut le lire »."""
    if ouverture is None:
        return "pas encore ouvert par le portail"
    suite = f" ({detail})" if detail else ""
    if ouverture is not Ouverture.LISIBLE:
        return f"{ouverture.label}{suite}"
    nombre = f", {compte(pages, 'page')}" if pages else ""
    return f"{'image' if est_image else 'lisible'}{nombre}{suite}"


def examiner(fichier: IO[bytes], *, service: bool = False) -> Examen:
    """What `fichier`, left at its beginning, is and whether it can be read. `service`: a worker, which may wait.

    The same bytes, asked again by the same process (a form, then its act), are not opened again.
    """
    cle = _cle(fichier)
    if (connu := _connus.get(cle)) is not None:
        return connu
    contenu = reconnaitre(fichier)
    examen = _examiner(fichier, contenu, service=service)
    fichier.seek(0)
    if examen.ouverture is not None:
        _connus[cle] = examen
        while len(_connus) > RETENUS:
            _connus.popitem(last=False)
    return examen


def _examiner(fichier: IO[bytes], contenu: Contenu | None, *, service: bool) -> Examen:
    if contenu is None:
        return Examen(None, Ouverture.INCONNU)
    if contenu is Contenu.PDF:
        return _pdf(fichier, service=service)
    if contenu in IMAGES:
        verdict = integrite.image(fichier, contenu)
        return Examen(contenu, verdict, 1 if verdict is Ouverture.LISIBLE else None)
    return Examen(contenu, integrite.bureautique(fichier, contenu))


def _pdf(fichier: IO[bytes], *, service: bool) -> Examen:
    if not _place.acquire(timeout=None if service else PATIENCE):
        return Examen(Contenu.PDF, None)
    try:
        with sur_disque(fichier) as lu:
            return _lancer(lu, DELAI_DU_SERVICE if service else DELAI)
    finally:
        _place.release()


def _lancer(lu: IO[bytes], delai: float) -> Examen:
    fini = lancer(OUVREUR, Bornes(PROCESSEUR, delai, MEMOIRE), entree=lu)
    if fini is None:
        return Examen(Contenu.PDF, None)
    erreur = fini.stderr[-500:].decode("utf-8", "replace")
    if not fini.stdout.startswith(PRET):
        # Ours is the fault, and no file's.
        journal.error("Aucun PDF ne peut être ouvert (%s) : %s", fini.returncode, erreur)
        return Examen(Contenu.PDF, None)
    if fini.returncode in {-signal.SIGXCPU, -signal.SIGKILL}:
        return Examen(Contenu.PDF, Ouverture.DEMESURE)
    try:
        dit = json.loads(fini.stdout.removeprefix(PRET))
    except ValueError:
        # PDFium ends the process when memory is missing, as when it is misled.
        journal.warning("Un PDF n’a pas pu être ouvert (%s) : %s", fini.returncode, erreur)
        return Examen(Contenu.PDF, Ouverture.DEMESURE if "MemoryError" in erreur else Ouverture.ABIME)
    return Examen(Contenu.PDF, Ouverture(dit["ouverture"]), dit.get("pages"), dit.get("detail", "")[:DETAIL_MAX])


@contextmanager
def sur_disque(fichier: IO[bytes]) -> Iterator[IO[bytes]]:
    """The file at its beginning, or a copy of one that lies in memory: what a process of its own may read."""
    with ExitStack() as pile:
        lu = _descripteur(fichier) or pile.enter_context(_copie(fichier))
        lu.seek(0)
        yield lu


def _descripteur(fichier: Any) -> IO[bytes] | None:
    """The file itself, when it lies on a disk."""
    try:
        fichier.fileno()
    except (AttributeError, OSError):
        return None
    return fichier  # type: ignore[no-any-return]


def _copie(fichier: IO[bytes]) -> IO[bytes]:
    copie = TemporaryFile()  # noqa: SIM115 (the caller closes it)
    fichier.seek(0)
    while bloc := fichier.read(integrite.BLOC):
        copie.write(bloc)
    copie.flush()
    return copie


def _cle(fichier: IO[bytes]) -> Hashable:
    """The same for the same bytes: where they lie and when they were written, or their sum when they are in memory."""
    if (lu := _descripteur(fichier)) is not None:
        etat = os.fstat(lu.fileno())
        return etat.st_dev, etat.st_ino, etat.st_size, etat.st_mtime_ns
    somme = hashlib.sha256()
    fichier.seek(0)
    while bloc := fichier.read(integrite.BLOC):
        somme.update(bloc)
    return somme.digest()
