"""Having a file read and drawn by processes of their own. Whatever the file, each ends within its bounds."""

import json
import logging
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from rebond.socle.documents.a_part import PRET, Bornes, lancer
from rebond.socle.documents.etats import EtatLecture
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.ouverture import IMAGES, sur_disque

journal = logging.getLogger(__name__)
LECTEUR = Path(__file__).with_name("lecteur.py")
DESSINATEUR = Path(__file__).with_name("dessinateur.py")
RECONNAISSEUR = Path(__file__).with_name("reconnaisseur.py")
#: What each content is to `lecteur`.
GENRES = {
    Contenu.PDF: "pdf",
    Contenu.DOCX: "docx",
    Contenu.ODT: "odt",
    Contenu.XLSX: "xlsx",
    Contenu.ODS: "ods",
}
LUS = frozenset({*GENRES, *IMAGES})
DESSINES = frozenset({Contenu.PDF, *IMAGES})
#: The first pages alone are drawn: a reader who wants the rest opens the file. Pixels across.
PAGES_DESSINEES, LARGEUR = 12, 1000
#: Two hundred dots an inch on A4: what Tesseract asks for, near enough.
LARGEUR_A_RECONNAITRE = 1654
POUR_LE_TEXTE = Bornes(processeur=60, delai=90.0)
POUR_LES_IMAGES = Bornes(processeur=60, delai=90.0, ecrit=True)
POUR_RECONNAITRE = Bornes(processeur=60, delai=180.0)
#: Signs kept, whatever a process says.
SIGNES_MAX = 400_000
SANS_TESSERACT = (
    "Tesseract n’est pas installé, ou ne lit pas le français (paquets « tesseract-ocr » et « tesseract-ocr-fra »)"
    "\u00a0: le texte des pièces numérisées n’est pas reconnu."
)


@dataclass(frozen=True)
class TexteLu:
    etat: EtatLecture
    texte: str = ""
    tronquee: bool = False
    reconnue: bool = False


def lire(fichier: IO[bytes], contenu: Contenu) -> TexteLu | None:
    """What `fichier` says, recognised in its pictures when it holds no text and Tesseract is there; None when the
    fault is ours, or the machine too busy: it is tried again."""
    lu = TexteLu(EtatLecture.SANS_TEXTE) if contenu in IMAGES else _texte(fichier, GENRES[contenu])
    if lu is None or lu.etat is not EtatLecture.SANS_TEXTE or contenu not in DESSINES:
        return lu
    return _reconnaitre(fichier) or lu


def _texte(fichier: IO[bytes], genre: str) -> TexteLu | None:
    with sur_disque(fichier) as lu:
        fini = lancer(LECTEUR, POUR_LE_TEXTE, [genre], entree=lu)
    if fini is None:
        # The processor is bounded well before the clock: the machine was too busy, which says nothing of the file.
        return None
    if not fini.stdout.startswith(PRET):
        journal.error("Aucune pièce ne peut être lue (%s) : %s", fini.returncode, _erreur(fini))
        return None
    pages, _, dit = fini.stdout.removeprefix(PRET).partition(b"\0")
    texte = _net(pages)
    try:
        fin = json.loads(dit)
    except ValueError:
        # Stopped in the middle: what was read by then is kept.
        journal.info("Pièce lue en partie (%s) : %s", fini.returncode, _erreur(fini))
        return TexteLu(EtatLecture.LUE, texte, tronquee=True) if texte else TexteLu(EtatLecture.ILLISIBLE)
    etat = EtatLecture.SANS_TEXTE if fin["sans_texte"] or not texte else EtatLecture.LUE
    if not texte and fin["tronquee"] and genre != GENRES[Contenu.PDF]:
        etat = EtatLecture.ILLISIBLE
    return TexteLu(etat, texte, tronquee=bool(fin["tronquee"]))


def _reconnaitre(fichier: IO[bytes]) -> TexteLu | None:
    tesseract = tesseract_francais()
    if tesseract is None:
        return None
    with dessiner(fichier, largeur=LARGEUR_A_RECONNAITRE) as pages:
        if not pages:
            return None
        arguments = [tesseract, str(pages[0].parent), str(len(pages))]
        fini = lancer(RECONNAISSEUR, POUR_RECONNAITRE, arguments)
    texte = _net(fini.stdout.removeprefix(PRET)) if fini else ""
    if not texte:
        return None
    return TexteLu(EtatLecture.LUE, texte, tronquee=len(pages) == PAGES_DESSINEES, reconnue=True)


@contextmanager
def dessiner(fichier: IO[bytes], *, largeur: int = LARGEUR) -> Iterator[list[Path]]:
    """The pictures of the first pages, while they lie in a folder of their own: as many as could be drawn in time."""
    with TemporaryDirectory(prefix="rebond-pages-") as dossier:
        with sur_disque(fichier) as lu:
            arguments = [dossier, str(PAGES_DESSINEES), str(largeur)]
            fini = lancer(DESSINATEUR, POUR_LES_IMAGES, arguments, entree=lu)
        if fini is not None and not fini.stdout.startswith(PRET):
            journal.error("Aucune page ne peut être dessinée (%s) : %s", fini.returncode, _erreur(fini))
        dites = fini.stdout.count(b"\n") - 1 if fini else 0
        yield [Path(dossier) / f"{rang}.jpg" for rang in range(1, min(dites, PAGES_DESSINEES) + 1)]


@cache
def tesseract_francais() -> str | None:
    """Where Tesseract is, if it is and reads French. Asked once by each process."""
    chemin = shutil.which("tesseract")
    if chemin is None:
        return None
    fini = subprocess.run([chemin, "--list-langs"], capture_output=True, check=False, timeout=20)
    return chemin if b"fra" in fini.stdout.split() else None


def _net(octets: bytes) -> str:
    """On lines, without what was between the pages."""
    texte = octets.decode("utf-8", "replace").replace("\f", "\n").replace("\0", " ")[:SIGNES_MAX]
    return texte if texte.strip() else ""


def _erreur(fini: "subprocess.CompletedProcess[bytes]") -> str:
    return fini.stderr[-500:].decode("utf-8", "replace")
