"""What the portal does not take, named, with what to do about it: « ce fichier est … », and a remedy."""

import zipfile
from dataclasses import dataclass
from typing import IO

from rebond.socle.documents.formats import DEBUT, DEBUT_DE_ZIP, SOMMAIRE_MAX, taille_du_sommaire

LU = 256 * 1024


@dataclass(frozen=True)
class Etranger:
    """`nom` goes on from « ce fichier est ». `extension` is the one that its content deserves, empty for a program."""

    nom: str
    remede: str
    extension: str = ""


EN_PDF = "Enregistrez-le au format PDF, et joignez ce PDF."
IMAGE_EN_PDF = "Enregistrez-la en JPEG, en PNG ou en PDF."
DANS_OFFICE = "Ouvrez-le, choisissez «\u00a0Enregistrer sous\u00a0», puis PDF."
UN_PAR_UN = "Joignez un par un les fichiers qu’elle contient."
HEIC = Etranger(
    "une photo HEIC, le format des iPhone, que beaucoup d’ordinateurs n’ouvrent pas",
    "Enregistrez-la en JPEG ou en PDF. Sur un iPhone\u00a0: ouvrez la photo, «\u00a0Partager\u00a0», "
    "«\u00a0Imprimer\u00a0», puis «\u00a0Enregistrer en PDF\u00a0»\u00a0; ou, avant de photographier, Réglages, "
    "Appareil photo, Formats, «\u00a0Le plus compatible\u00a0».",
    ".heic",
)
BUREAU_CHIFFRE = Etranger(
    "un document Office protégé par un mot de passe\u00a0: personne ne peut le lire",
    "Enlevez le mot de passe (Fichier, Informations, Protéger) et enregistrez-le, ou enregistrez-le en PDF.",
)
MACROS = Etranger(
    "un document Office qui contient des macros", "Enregistrez-le sans macros (.docx ou .xlsx), ou en PDF."
)
PAQUET = Etranger("un document Word, Excel ou LibreOffice, ou une archive", DANS_OFFICE, ".zip")
COMPOSE = Etranger(
    "un ancien document Office, ou un document protégé par un mot de passe",
    "Enregistrez-le en PDF, sans mot de passe.",
)
COUPE = Etranger(
    "un document ou une archive incomplets\u00a0: la fin manque",
    "Retrouvez l’original, vérifiez qu’il s’ouvre, et joignez-le de nouveau.",
)
ARCHIVE = Etranger("une archive", UN_PAR_UN, ".zip")
PROGRAMME = Etranger("un programme ou un raccourci", "Joignez le document lui-même.")
COURRIEL = Etranger("un e-mail", "Joignez le document qu’il contient, ou enregistrez l’e-mail en PDF.", ".eml")
PAGE = Etranger("une page web", "Imprimez-la au format PDF.", ".html")
TEXTE = Etranger("un texte sans mise en page", EN_PDF, ".txt")
ZEROS = Etranger(
    "rempli de zéros\u00a0: son contenu a été perdu", "Retrouvez l’original, vérifiez qu’il s’ouvre, et joignez-le."
)
SIGNATURES: tuple[tuple[bytes, Etranger], ...] = (
    (b"II*\x00", Etranger("une image TIFF", IMAGE_EN_PDF, ".tif")),
    (b"MM\x00*", Etranger("une image TIFF", IMAGE_EN_PDF, ".tif")),
    (b"GIF8", Etranger("une image GIF", IMAGE_EN_PDF, ".gif")),
    (b"BM", Etranger("une image BMP", IMAGE_EN_PDF, ".bmp")),
    (b"{\\rtf", Etranger("un document RTF", EN_PDF, ".rtf")),
    (b"%!PS", Etranger("un document PostScript", EN_PDF, ".ps")),
    (b"Rar!\x1a\x07", Etranger("une archive RAR", UN_PAR_UN, ".rar")),
    (b"7z\xbc\xaf\x27\x1c", Etranger("une archive 7-Zip", UN_PAR_UN, ".7z")),
    (b"\x1f\x8b", Etranger("une archive gzip", UN_PAR_UN, ".gz")),
    (b"MZ", PROGRAMME),
    (b"\x7fELF", PROGRAMME),
    (b"L\x00\x00\x00\x01\x14\x02\x00", PROGRAMME),
)
ISO = (b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis")
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
# Streams of compound files ([MS-CFB], names in UTF-16), from the one that decides.
FLUX = (
    ("EncryptedPackage", BUREAU_CHIFFRE),
    ("WordDocument", Etranger("un ancien document Word (.doc)", DANS_OFFICE, ".doc")),
    ("Workbook", Etranger("un ancien classeur Excel (.xls)", DANS_OFFICE, ".xls")),
    ("PowerPoint Document", Etranger("une ancienne présentation PowerPoint (.ppt)", DANS_OFFICE, ".ppt")),
    ("__properties_version1.0", COURRIEL),
)
ANCIEN = Etranger("un document d’un ancien logiciel", EN_PDF)
# By what their content types say ([Content_Types].xml); then by the type of an OpenDocument.
PAQUETS = (
    (b"macroEnabled", MACROS),
    (b"presentationml", Etranger("une présentation PowerPoint", DANS_OFFICE, ".pptx")),
    (b"wordprocessingml.template", Etranger("un modèle Word", DANS_OFFICE, ".dotx")),
    (b"spreadsheetml.template", Etranger("un modèle Excel", DANS_OFFICE, ".xltx")),
)
SIGNE = bytes.fromhex("06092a864886f70d010702")
ENTETES_DE_COURRIEL = (b"received:", b"return-path:", b"mime-version:", b"from:", b"delivered-to:", b"x-")
PAGES_WEB = (b"<!doctype html", b"<html", b"<head", b"<?xml", b"<svg")


def nommer(fichier: IO[bytes]) -> Etranger | None:
    """What `fichier`, left at its beginning, is, when it is none of `formats.Contenu`; None when nobody knows."""
    fichier.seek(0)
    debut = fichier.read(DEBUT)
    try:
        if debut.startswith(DEBUT_DE_ZIP):
            return _archive(fichier)
        if debut.startswith(OLE):
            return _compose(fichier, debut)
        return d_apres_le_debut(debut)
    finally:
        fichier.seek(0)


def d_apres_le_debut(debut: bytes) -> Etranger | None:
    """As far as the first bytes tell: archives and compound files say more further on."""
    if debut.startswith(DEBUT_DE_ZIP):
        return PAQUET
    if debut.startswith(OLE):
        return COMPOSE
    if debut[4:8] == b"ftyp":
        heic = debut[8:12] in ISO or any(marque in debut[16:64] for marque in ISO)
        return HEIC if heic else Etranger("une vidéo", "Joignez un document, ou une image.", ".mp4")
    if debut.startswith(b"RIFF") and debut[8:12] == b"WEBP":
        return Etranger("une image WebP", IMAGE_EN_PDF, ".webp")
    if debut.startswith(b"\x30") and SIGNE in debut[:64]:
        return Etranger("un fichier signé (.p7m)", "Extrayez le document d’origine, et joignez-le.", ".p7m")
    if debut and not debut.strip(b"\x00"):
        return ZEROS
    return next((etranger for signe, etranger in SIGNATURES if debut.startswith(signe)), None) or _en_lettres(debut)


def _en_lettres(debut: bytes) -> Etranger | None:
    minuscules = debut.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    if minuscules.startswith(PAGES_WEB):
        return PAGE
    if minuscules.startswith(ENTETES_DE_COURRIEL):
        return COURRIEL
    if minuscules.startswith(b"{") and b".google.com" in minuscules:
        return Etranger("un raccourci vers Google Drive", "Téléchargez le document en PDF, et joignez ce PDF.")
    if minuscules.startswith(b"[internetshortcut]"):
        return PROGRAMME
    return TEXTE if minuscules and not any(octet < 9 or 13 < octet < 32 for octet in debut) else None


def _compose(fichier: IO[bytes], debut: bytes) -> Etranger:
    """A compound file, by the names of its streams, which its directory holds."""
    if len(debut) < 512:
        return COUPE
    secteur = 1 << min(int.from_bytes(debut[30:32], "little"), 16)
    fichier.seek((int.from_bytes(debut[48:52], "little") + 1) * secteur)
    repertoire = fichier.read(LU)
    return next((etranger for nom, etranger in FLUX if nom.encode("utf-16-le") in repertoire), ANCIEN)


def _archive(fichier: IO[bytes]) -> Etranger:
    taille = taille_du_sommaire(fichier)
    if taille is None:
        return COUPE
    if taille > SOMMAIRE_MAX:
        return ARCHIVE
    try:
        with zipfile.ZipFile(fichier) as archive:
            noms = set(archive.namelist())
            if "[Content_Types].xml" in noms:
                types = _debut_de(archive, "[Content_Types].xml")
                return next((etranger for signe, etranger in PAQUETS if signe in types), ARCHIVE)
            if "mimetype" in noms and b"presentation" in _debut_de(archive, "mimetype"):
                return Etranger("une présentation LibreOffice", DANS_OFFICE, ".odp")
            if any(nom.endswith(".iwa") for nom in noms):
                return Etranger("un document Pages, Numbers ou Keynote", "Exportez-le au format PDF.")
    # What zipfile raises on a damaged archive is not one family: zlib.error, NotImplementedError, EOFError…
    except Exception:  # noqa: BLE001
        return COUPE
    return ARCHIVE


def _debut_de(archive: zipfile.ZipFile, nom: str) -> bytes:
    with archive.open(nom) as entree:
        return entree.read(LU)
