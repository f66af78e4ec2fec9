"""Writes on its output the text of a file, its standard input. Run as a process of its own by
`rebond.socle.documents.lectures.extraction`, bounded by `a_part`: a file that is made to crash kills nothing else.

    lecteur.py pdf|docx|odt|xlsx|ods

The pages follow one another, each ended by a form feed as soon as it is read: what was read before the end of the time
is not lost. After them, a NUL and what is to say of the whole, in JSON. The text holds none of these two signs.
"""

import json
import re
import sys
import time
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

# Signs that search reads of a file: some two hundred full pages. Pages looked at, seconds of processor.
SIGNES_MAX = 400_000
PAGES_MAX = 2_000
SECONDES = 40.0
# Letters a page, on average, under which a PDF made of images has no text worth the name.
LETTRES_D_UNE_PAGE = 12
# Bytes of XML looked through in one part of an office document, whatever it claims to be.
EXPANSE_MAX = 64 * 1024 * 1024
BLOC = 64 * 1024
PARTIES = {
    "docx": re.compile(r"word/(?:document\d*|footnotes|endnotes)\.xml"),
    "odt": re.compile(r"content\.xml"),
    "xlsx": re.compile(r"xl/(?:sharedStrings|worksheets/sheet\d+)\.xml"),
    "ods": re.compile(r"content\.xml"),
}
# By local name: what holds the words, where None is everything; what ends a line.
MOTS = {"docx": {"t"}, "xlsx": {"t"}, "odt": None, "ods": None}
LIGNES = frozenset({"p", "h", "si", "table-cell"})
BLANCS = frozenset({"tab", "br", "s", "line-break", "cr"})
# A word cut at the end of a line, as PDFium says it, and soft hyphens.
CESURE = re.compile("[\u00ad\ufffe\x02](?:\r?\n)?")


class Assez(Exception):
    """Enough was read."""


class Sortie:
    """What was written so far: cleaned, bounded."""

    def __init__(self, ecrire: Callable[[bytes], Any]) -> None:
        self._ecrire = ecrire
        self.restent = SIGNES_MAX
        self.lettres = 0

    def page(self, texte: str) -> None:
        net = nettoyer(texte)[: self.restent]
        self.restent -= len(net)
        self.lettres += sum(map(str.isalnum, net))
        self._ecrire(net.encode() + b"\f")
        if not self.restent or time.process_time() > SECONDES:
            raise Assez


def nettoyer(texte: str) -> str:
    """Words and blanks: nothing invisible, no sign of ours."""
    joint = CESURE.sub("", texte)
    return "".join(signe if signe.isprintable() or signe == "\n" else " " for signe in joint)


def lire_pdf(flux: Any, sortie: Sortie) -> dict[str, Any]:
    import pypdfium2 as pdfium  # late: heavy (within the bounds)
    from pypdfium2 import raw  # late: heavy (within the bounds)

    pret()
    document = pdfium.PdfDocument(flux)
    pages, images, tronquee = len(document), False, len(document) > PAGES_MAX
    for rang in range(min(pages, PAGES_MAX)):
        try:
            texte, imagee = _page(document, rang, raw, encore=not images)
            images = images or imagee
            sortie.page(texte)
        except pdfium.PdfiumError:
            tronquee = True
        except Assez:
            tronquee = tronquee or rang + 1 < pages or not sortie.restent
            break
    pauvre = images and sortie.lettres < LETTRES_D_UNE_PAGE * (rang + 1)
    return {"tronquee": tronquee, "sans_texte": pauvre or not sortie.lettres}


def _page(document: Any, rang: int, raw: Any, *, encore: bool) -> tuple[str, bool]:
    page = document[rang]
    try:
        imagee = encore and any(True for _ in page.get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE], max_depth=2))
        textes = page.get_textpage()
        try:
            return textes.get_text_range(0, min(textes.count_chars(), SIGNES_MAX)), imagee
        finally:
            textes.close()
    finally:
        page.close()


def lire_bureautique(flux: Any, genre: str, sortie: Sortie) -> dict[str, Any]:
    from lxml import etree  # late: heavy (within the bounds)

    pret()
    tronquee = False
    with zipfile.ZipFile(flux) as archive:
        for nom in [nom for nom in archive.namelist() if PARTIES[genre].fullmatch(nom)]:
            cible = Cible(MOTS[genre], sortie)
            analyseur = etree.XMLParser(target=cible, resolve_entities=False, no_network=True, load_dtd=False)
            try:
                for bloc in _blocs(archive, nom):
                    analyseur.feed(bloc)
                analyseur.close()
            # What lxml and zipfile raise on a damaged or hostile part is no one family.
            except Exception:  # noqa: BLE001
                tronquee = True
            cible.finir()
            if not sortie.restent:
                break
    return {"tronquee": tronquee, "sans_texte": not sortie.lettres}


def _blocs(archive: zipfile.ZipFile, nom: str) -> Iterator[bytes]:
    lus = 0
    with archive.open(nom) as entree:
        while bloc := entree.read(BLOC):
            lus += len(bloc)
            if lus > EXPANSE_MAX or time.process_time() > SECONDES:
                raise Assez
            yield bloc


class Cible:
    """Takes the words of a part as they are parsed, and keeps no tree."""

    def __init__(self, mots: set[str] | None, sortie: Sortie) -> None:
        self._mots, self._sortie = mots, sortie
        self._ouverts = 0
        self._morceaux: list[str] = []
        self._taille = 0

    def doctype(self, *_: Any) -> None:
        # Neither Word nor LibreOffice writes one: it would be there for its entities.
        raise Assez

    def start(self, balise: str, _: Any) -> None:
        nom = _local(balise)
        if self._mots is not None and nom in self._mots:
            self._ouverts += 1
        elif nom in BLANCS:
            self._ajouter(" ")

    def end(self, balise: str) -> None:
        nom = _local(balise)
        if self._mots is not None and nom in self._mots:
            self._ouverts -= 1
        elif nom in LIGNES:
            self._ajouter("\n")

    def data(self, texte: str) -> None:
        if self._mots is None or self._ouverts:
            self._ajouter(texte)

    def close(self) -> None:
        return None

    def finir(self) -> None:
        morceaux, self._morceaux, self._taille = self._morceaux, [], 0
        if not self._sortie.restent:
            return
        try:
            self._sortie.page("".join(morceaux))
        except Assez:
            return

    def _ajouter(self, texte: str) -> None:
        self._morceaux.append(texte)
        self._taille += len(texte)
        if self._taille > self._sortie.restent:
            raise Assez


def _local(balise: str) -> str:
    return balise.rpartition("}")[2]


def pret() -> None:
    sys.stdout.buffer.write(b"pret\n")
    sys.stdout.buffer.flush()


def _ecrire(octets: bytes) -> None:
    sys.stdout.buffer.write(octets)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    ecrite = Sortie(_ecrire)
    if sys.argv[1] == "pdf":
        dit = lire_pdf(sys.stdin.buffer, ecrite)
    else:
        dit = lire_bureautique(sys.stdin.buffer, sys.argv[1], ecrite)
    _ecrire(b"\0" + json.dumps(dit).encode())
