"""Whether an image or an office document is whole, by its structure: nothing is drawn, and little is expanded."""

import re
import struct
import zipfile
from collections.abc import Iterator
from typing import IO

from rebond.socle.documents.etats import Ouverture
from rebond.socle.documents.formats import Contenu

BLOC = 1024 * 1024
# Far beyond what a camera or a scanner writes.
PIXELS_MAX = 300_000_000
MORCEAUX_MAX = 100_000
EXPANSE_MAX = 64 * 1024 * 1024
PARTIES = {
    Contenu.DOCX: re.compile(r"word/document\d*\.xml"),
    Contenu.XLSX: re.compile(r"xl/workbook\d*\.xml"),
    Contenu.ODT: re.compile(r"content\.xml"),
    Contenu.ODS: re.compile(r"content\.xml"),
}
# OpenDocument 1.3, part 2, 3.8 and 4.4; Basic libraries hold a list of their modules even when they are empty.
CHIFFRE_ODF = b"encryption-data"
MANIFESTE = "META-INF/manifest.xml"
MACRO_ODF = re.compile(r"Scripts/.+[^/]|Basic/[^/]+/(?!(?:script|dialog)-l[bc]\.xml)[^/]+\.xml")
MACRO_OOXML = re.compile(r"(?:word|xl)/vbaProject\.bin")
# JPEG (ITU T.81, annex B): markers that stand alone, start of scan, end of image, sizes of frames.
SANS_LONGUEUR = frozenset({0x01, *range(0xD0, 0xD9)})
DEBUT_DE_TRAME = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
SOS, FIN_JPEG = 0xDA, b"\xff\xd9"
SIGNATURE_PNG = 8


def image(fichier: IO[bytes], contenu: Contenu) -> Ouverture:
    """A JPEG or a PNG, from its first byte to its last."""
    fichier.seek(0)
    verdict = _png(fichier) if contenu is Contenu.PNG else _jpeg(fichier)
    fichier.seek(0)
    return verdict


def bureautique(fichier: IO[bytes], contenu: Contenu) -> Ouverture:
    """A text or a spreadsheet: without password nor macros, and whose main part is sound."""
    fichier.seek(0)
    try:
        with zipfile.ZipFile(fichier) as archive:
            return _paquet(archive, contenu)
    # What zipfile raises on a damaged archive is not one family: zlib.error, NotImplementedError, EOFError…
    except Exception:  # noqa: BLE001
        return Ouverture.ABIME
    finally:
        fichier.seek(0)


def _paquet(archive: zipfile.ZipFile, contenu: Contenu) -> Ouverture:
    noms = archive.namelist()
    if MANIFESTE in noms and CHIFFRE_ODF in b"".join(_lire(archive, MANIFESTE)):
        return Ouverture.MOT_DE_PASSE
    if any(MACRO_ODF.fullmatch(nom) or MACRO_OOXML.fullmatch(nom) for nom in noms):
        return Ouverture.MACROS
    principales = [nom for nom in noms if PARTIES[contenu].fullmatch(nom)]
    if not principales:
        return Ouverture.ABIME
    # The sums are checked as the end of each part is reached.
    for nom in principales:
        for _ in _lire(archive, nom):
            pass
    return Ouverture.LISIBLE


def _lire(archive: zipfile.ZipFile, nom: str) -> Iterator[bytes]:
    with archive.open(nom) as entree:
        lus = 0
        while lus < EXPANSE_MAX and (bloc := entree.read(BLOC)):
            lus += len(bloc)
            yield bloc


def _png(fichier: IO[bytes]) -> Ouverture:
    """PNG, third edition, 5: chunks of a length, a type, data and a sum, the last one named IEND."""
    position = SIGNATURE_PNG
    for _ in range(MORCEAUX_MAX):
        fichier.seek(position)
        entete = fichier.read(16)
        if len(entete) < 8:
            return Ouverture.COUPE
        longueur, nom = struct.unpack_from(">I4s", entete)
        if position == SIGNATURE_PNG and (verdict := _taille_png(nom, fichier, position)):
            return verdict
        position += 12 + longueur
        if nom == b"IEND":
            return Ouverture.LISIBLE if fichier.seek(0, 2) >= position else Ouverture.COUPE
    return Ouverture.ABIME


def _taille_png(nom: bytes, fichier: IO[bytes], position: int) -> Ouverture | None:
    fichier.seek(position + 8)
    lus = fichier.read(8)
    if nom != b"IHDR" or len(lus) < 8:
        return Ouverture.ABIME
    return _taille(*struct.unpack(">II", lus))


def _taille(largeur: int, hauteur: int) -> Ouverture | None:
    if not largeur or not hauteur:
        return Ouverture.ABIME
    return Ouverture.DEMESURE if largeur * hauteur > PIXELS_MAX else None


def _jpeg(fichier: IO[bytes]) -> Ouverture:
    """Segments as far as the scan, then the end of the image somewhere behind it: cameras write more after it."""
    position, taille = 2, fichier.seek(0, 2)
    for _ in range(MORCEAUX_MAX):
        fichier.seek(position)
        entete = fichier.read(9)
        if len(entete) < 4:
            return Ouverture.COUPE
        if entete[0] != 0xFF:
            return Ouverture.ABIME
        marque = entete[1]
        if marque == SOS:
            return Ouverture.LISIBLE if _finit(fichier, position, taille) else Ouverture.COUPE
        if marque == 0xFF:
            position += 1
        elif marque in SANS_LONGUEUR:
            position += 2
        else:
            if marque in DEBUT_DE_TRAME and (verdict := _taille_jpeg(entete)):
                return verdict
            position += 2 + struct.unpack_from(">H", entete, 2)[0]
    return Ouverture.ABIME


def _taille_jpeg(entete: bytes) -> Ouverture | None:
    if len(entete) < 9:
        return Ouverture.COUPE
    hauteur, largeur = struct.unpack_from(">HH", entete, 5)
    return _taille(largeur, hauteur)


def _finit(fichier: IO[bytes], debut: int, taille: int) -> bool:
    """Whether the end of the image is found after `debut`, looked for from the end of the file."""
    fin = taille
    while fin > debut:
        depart = max(fin - BLOC, debut)
        fichier.seek(depart)
        # One byte more: the mark may lie across two blocks.
        if FIN_JPEG in fichier.read(fin - depart + 1):
            return True
        fin = depart
    return False
