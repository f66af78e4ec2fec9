"""What people type, without the characters that nobody sees: cleaned at the door, by forms, imports and addresses.

Pasted from a word processor, a web page or a spreadsheet, a text brings characters that show nothing and change
everything: an address that no account will ever match, a name that reads backwards, boxes in a PDF.
"""

import re
import unicodedata

# Controls, formats (Cf), the rest of Default_Ignorable_Code_Point (Unicode, DerivedCoreProperties.txt), fillers that
# show nothing, the placeholder of an object that was not pasted, surrogates, private use, noncharacters.
# Joiners and variation selectors go too: they only choose between pictures, and French does without.
INVISIBLES = (
    (0x0000, 0x0008), (0x000B, 0x001F), (0x007F, 0x009F), (0x00AD, 0x00AD), (0x034F, 0x034F), (0x0600, 0x0605),
    (0x061C, 0x061C), (0x06DD, 0x06DD), (0x070F, 0x070F), (0x0890, 0x0891), (0x08E2, 0x08E2), (0x115F, 0x1160),
    (0x17B4, 0x17B5), (0x180B, 0x180F), (0x200B, 0x200F), (0x202A, 0x202E), (0x2060, 0x206F), (0x2800, 0x2800),
    (0x3164, 0x3164), (0xD800, 0xF8FF), (0xFDD0, 0xFDEF), (0xFE00, 0xFE0F), (0xFEFF, 0xFEFF), (0xFFA0, 0xFFA0),
    (0xFFF0, 0xFFFC), (0xFFFE, 0xFFFF), (0x110BD, 0x110BD), (0x110CD, 0x110CD), (0x13430, 0x1343F),
    (0x1BCA0, 0x1BCA3), (0x1D173, 0x1D17A), (0xE0000, 0xE0FFF), (0xEFFFE, 0x10FFFF),
    *((plan | 0xFFFE, plan | 0xFFFF) for plan in range(0x10000, 0xE0000, 0x10000)),
)  # fmt: skip
# Everything that `str.split` splits at, and the tab.
BLANCS = (
    (0x0009, 0x000D), (0x001C, 0x0020), (0x0085, 0x0085), (0x00A0, 0x00A0), (0x1680, 0x1680), (0x2000, 0x200A),
    (0x2028, 0x2029), (0x202F, 0x202F), (0x205F, 0x205F), (0x3000, 0x3000),
)  # fmt: skip
# Word ends a line inside a paragraph by a vertical tab; form feeds and Unicode's own separators end one too.
FINS_DE_LIGNE = str.maketrans(dict.fromkeys("\r\x0b\x0c\u2028\u2029", "\n"))
# Windows-1252 read as ISO 8859-1: the apostrophe of « l’usine » is then a control, U+0092 (HTML, 13.2.5.80).
EGARES = str.maketrans({chr(octet): bytes([octet]).decode("cp1252", errors="ignore") for octet in range(0x80, 0xA0)})


def _classe(*plages: tuple[int, int]) -> str:
    return "".join(f"\\U{debut:08X}-\\U{fin:08X}" for debut, fin in plages)


INVISIBLE = re.compile(f"[{_classe(*INVISIBLES)}]")
#: For a check constraint: what no identifier holds. PostgreSQL keeps neither NUL nor surrogates.
INTERDIT_DANS_UN_IDENTIFIANT = "[{}]".format(
    _classe((0x0001, 0x0008), *INVISIBLES[1:], *BLANCS)
    .replace("\\U0000D800-\\U0000F8FF", "\\U0000E000-\\U0000F8FF")
)  # fmt: skip


def sans_invisibles(texte: str) -> str:
    """`texte` without what shows nothing; spaces, tabs and line feeds stay."""
    return INVISIBLE.sub("", texte)


def nettoyer(texte: str) -> str:
    """A text of several lines as the portal keeps it: NFC, lines ended by a line feed, nothing invisible but tabs.

    Cleaning twice changes nothing more.
    """
    if texte.isascii() and texte.isprintable():
        return texte
    lignes = texte.replace("\r\n", "\n").translate(FINS_DE_LIGNE).translate(EGARES)
    return unicodedata.normalize("NFC", sans_invisibles(lignes))


def en_une_ligne(texte: str) -> str:
    """Like `nettoyer` for what holds in one line: a tab, a line feed and the spaces around them are one space."""
    return re.sub(r" *[\n\t][\n\t ]*", " ", nettoyer(texte))


def identifiant(texte: str) -> str:
    """An address, a number, a code: neither anything invisible nor any space."""
    return "".join(nettoyer(texte).split())
