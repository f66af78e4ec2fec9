"""What a file really is, judged by its content; its name and what the browser says of it count for nothing."""

import re
import struct
import zipfile
from codecs import BOM_UTF8
from collections.abc import Collection
from enum import StrEnum
from typing import IO


class Contenu(StrEnum):
    """The contents that the portal can name, by media type."""

    PDF = "application/pdf"
    JPEG = "image/jpeg"
    PNG = "image/png"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"


EXTENSIONS = {
    Contenu.PDF: (".pdf",),
    Contenu.JPEG: (".jpg", ".jpeg"),
    Contenu.PNG: (".png",),
    Contenu.DOCX: (".docx",),
    Contenu.XLSX: (".xlsx",),
    Contenu.ODT: (".odt",),
    Contenu.ODS: (".ods",),
}
# Browsers show these by themselves.
AFFICHABLES = frozenset({Contenu.PDF, Contenu.JPEG, Contenu.PNG})

SIMPLES = frozenset({Contenu.PDF, Contenu.JPEG, Contenu.PNG})
DEBUT = 8192
# Readers look for the header as far as here (PDF 1.7, appendix H, note 13): scanners and mail write before it.
ENTETE_PDF, ENTETE_PDF_AVANT = b"%PDF-", 1024
DEBUT_DE_ZIP = b"PK\x03\x04"
# The main part of an Office Open XML package (ECMA-376-2, 9.3.2); one with macros declares another type.
PARTIE_PRINCIPALE = re.compile(rb'ContentType\s*=\s*["\'](application/vnd\.openxmlformats-[\w.-]+)\.main\+xml["\']')
TYPES_DES_PARTIES = "[Content_Types].xml"
# OpenDocument 1.3, part 2, 3.3: the media type, alone in this entry.
TYPE_OPENDOCUMENT = "mimetype"
LU_D_UNE_ENTREE = 256 * 1024
# Some 20 000 entries, where a large spreadsheet has hundreds: the directory is read into memory.
SOMMAIRE_MAX = 1024 * 1024
# End of central directory record, then at most a comment (APPNOTE.TXT 4.3.16); before it, ZIP64's (4.3.15).
FIN_DE_ZIP = struct.Struct("<4s4H2LH")
SIGNATURE_FIN = b"PK\x05\x06"
SIGNATURE_ZIP64 = b"PK\x06\x07"
ZIP64 = 20
COMMENTAIRE_MAX = 65_535


def reconnaitre(fichier: IO[bytes]) -> Contenu | None:
    """The content of `fichier`, None when it is none that the portal knows. The file is left at its beginning.

    Reads a bounded part of it whatever its size, and never expands an archive.
    """
    fichier.seek(0)
    debut = fichier.read(DEBUT)
    try:
        if debut.startswith(DEBUT_DE_ZIP):
            return _dans_le_zip(fichier)
        return _simple(debut)
    finally:
        fichier.seek(0)


def reconnaitre_le_debut(debut: bytes) -> Contenu | None:
    """The content of a file that begins so, for those that tell at their beginning."""
    return _simple(debut[:DEBUT])


def plausible(debut: bytes, permis: Collection[Contenu]) -> bool:
    """Whether a file that begins so may turn out to be one of `permis`: an archive tells only at its end."""
    if debut.startswith(DEBUT_DE_ZIP):
        return not SIMPLES.issuperset(permis)
    return _simple(debut[:DEBUT]) in permis


def _simple(debut: bytes) -> Contenu | None:
    import puremagic  # late: heavy

    try:
        reconnu = puremagic.magic_string(debut)[0].mime_type
    except (puremagic.PureError, ValueError):
        reconnu = ""
    if reconnu in SIMPLES:
        return Contenu(reconnu)
    return Contenu.PDF if _pdf_precede(debut) else None


def _pdf_precede(debut: bytes) -> bool:
    """Whether a PDF begins after a few bytes of something else: a byte order mark, spaces, the headers of a mail. Not
    after markup: such a file is a web page as well."""
    position = debut.find(ENTETE_PDF, 0, ENTETE_PDF_AVANT + len(ENTETE_PDF))
    return position >= 0 and not debut[:position].removeprefix(BOM_UTF8).lstrip().startswith(b"<")


def _dans_le_zip(fichier: IO[bytes]) -> Contenu | None:
    taille = taille_du_sommaire(fichier)
    if taille is None or taille > SOMMAIRE_MAX:
        return None
    try:
        with zipfile.ZipFile(fichier) as archive:
            entrees = set(archive.namelist())
            if TYPE_OPENDOCUMENT in entrees:
                return _opendocument(_debut_de(archive, TYPE_OPENDOCUMENT))
            if TYPES_DES_PARTIES in entrees:
                return _office(_debut_de(archive, TYPES_DES_PARTIES))
    # What zipfile raises on a damaged archive is not one family: zlib.error, NotImplementedError, EOFError…
    except Exception:  # noqa: BLE001
        return None
    return None


def taille_du_sommaire(fichier: IO[bytes]) -> int | None:
    """Bytes of an archive's directory; None when its end is missing, or for ZIP64, which no honest document needs."""
    fin = fichier.seek(0, 2)
    lu = min(fin, COMMENTAIRE_MAX + FIN_DE_ZIP.size + ZIP64)
    fichier.seek(fin - lu)
    queue = fichier.read(lu)
    position = queue.rfind(SIGNATURE_FIN)
    if position < 0 or len(queue) - position < FIN_DE_ZIP.size:
        return None
    if queue[max(position - ZIP64, 0) : position].startswith(SIGNATURE_ZIP64):
        return None
    taille: int = FIN_DE_ZIP.unpack_from(queue, position)[5]
    return taille


def _debut_de(archive: zipfile.ZipFile, nom: str) -> bytes:
    with archive.open(nom) as entree:
        return entree.read(LU_D_UNE_ENTREE)


def _opendocument(type_mime: bytes) -> Contenu | None:
    return next((contenu for contenu in (Contenu.ODT, Contenu.ODS) if type_mime.strip() == contenu.encode()), None)


def _office(types: bytes) -> Contenu | None:
    """A package whose only main part is a text or a spreadsheet."""
    principaux = {trouve.decode() for trouve in PARTIE_PRINCIPALE.findall(types)}
    return next((contenu for contenu in (Contenu.DOCX, Contenu.XLSX) if principaux == {contenu.value}), None)
