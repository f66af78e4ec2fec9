"""In which encoding a text was written, by evidence: what it holds must look like French in it, and in no other."""

import re
from codecs import BOM_UTF8, BOM_UTF16_BE, BOM_UTF16_LE
from collections import Counter

from rebond.socle.erreurs import RegleEnfreinte

NOMS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 (avec marque d’ordre)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "cp1252": "Windows-1252, reconnu à ses accents",
    "iso8859_15": "ISO 8859-15, reconnu à ses accents",
    "mac_roman": "Mac Roman (Excel pour Mac), reconnu à ses accents",
}
# By preference: where nothing tells them apart, Windows is more common.
D_UN_OCTET = ("cp1252", "mac_roman", "iso8859_15")
MINUSCULES = "éèêëàâäçîïôöùûüÿœæñ"
MAJUSCULES = "ÉÈÊËÀÂÄÇÎÏÔÖÙÛÜŒÆÑ"
# No word begins so.
JAMAIS_AU_DEBUT = "ëïüÿäöñûù"
ORDINAIRES = "«»“”–—…€°²³§·•½¼¾µ±×®©™"
ESPACES = "\u00a0\u202f"
# Most of a text in UTF-16 is one zero in two bytes.
PART_DE_ZEROS = 0.4
# One letter out of place for four in their place is too many.
DOUTE = 0.25
INCONNU = (
    "L’encodage de ce fichier n’est pas reconnu\u00a0: ses accents ne donnent pas de mots français. Enregistrez-le au "
    "format «\u00a0CSV UTF-8\u00a0»."
)


class EncodageInconnu(RegleEnfreinte):
    """The text looks like French in no encoding that is known."""


def decoder(contenu: bytes) -> tuple[str, str]:
    """The text of `contenu`, without its mark, and the encoding as people call it. Raises `EncodageInconnu`."""
    encodage = _encodage(contenu)
    try:
        texte = contenu.decode(encodage)
    except UnicodeDecodeError:
        raise EncodageInconnu(INCONNU) from None
    return texte.removeprefix("\ufeff"), NOMS[encodage]


def _encodage(contenu: bytes) -> str:
    if contenu.startswith(BOM_UTF8):
        return "utf-8-sig"
    if contenu.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return "utf-16"
    if b"\x00" in contenu:
        return _utf_16(contenu)
    try:
        contenu.decode("utf-8")
    except UnicodeDecodeError:
        return _d_un_octet(contenu)
    return "utf-8"


def _utf_16(contenu: bytes) -> str:
    seuil = PART_DE_ZEROS * len(contenu) / 2
    zeros = {"utf-16-be": contenu[::2].count(0), "utf-16-le": contenu[1::2].count(0)}
    encodage = max(zeros, key=lambda nom: zeros[nom])
    if zeros[encodage] < seuil or min(zeros.values()) > seuil:
        raise EncodageInconnu("Ce fichier n’est pas du texte. S’il vient d’un tableur, enregistrez-le en CSV UTF-8.")
    return encodage


def _d_un_octet(contenu: bytes) -> str:
    notes: dict[str, Counter[int]] = {}
    for encodage in D_UN_OCTET:
        try:
            notes[encodage] = vraisemblance(contenu.decode(encodage))
        except UnicodeDecodeError:
            continue
    meilleur = max(notes, key=lambda nom: notes[nom][1] - notes[nom][-1], default="")
    if not meilleur or notes[meilleur][-1] > DOUTE * notes[meilleur][1]:
        raise EncodageInconnu(INCONNU)
    return meilleur


def vraisemblance(texte: str) -> Counter[int]:
    """How many letters beyond ASCII stand as they do in French words (1), as they never do (-1), or tell nothing."""
    return Counter(_note(*trouve.groups()) for trouve in re.finditer(r"(?<=(.))?([^\x00-\x7f])(?=(.))?", texte))


def _note(avant: str | None, lettre: str, apres: str | None) -> int:
    precede, suivie = bool(avant and avant.isalpha()), bool(apres and apres.isalpha())
    if lettre in MINUSCULES:
        return 1 if precede or (suivie and lettre not in JAMAIS_AU_DEBUT) or lettre == "à" else -1
    if lettre in MAJUSCULES:
        return -1 if avant and avant.islower() else 1
    if lettre == "’":
        return 1 if precede else -1
    if lettre in ESPACES:
        return 0
    # A sign stands beside spaces and punctuation, never in the middle of a word.
    return 0 if lettre in ORDINAIRES and not (precede and suivie) else -1
