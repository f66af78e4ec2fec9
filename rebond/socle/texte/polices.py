"""Which characters the documents can print: those of the fonts that fontconfig knows, where Pango looks for them all.

Everything that Marianne has, DejaVu Sans has too: the fonts of the system are the only ones to ask.
"""

import ctypes
import re
from collections.abc import Iterable
from functools import lru_cache

#: Stands on paper for what no font has.
SUBSTITUT = "▯"
# Every font of the system has these: Latin letters, and the punctuation that French typography needs.
COURANTS = re.compile(r"[\s\x20-\u024f\u2010-\u2027\u202f\u2030-\u203a\u20ac]+")


class _Polices(ctypes.Structure):
    """FcFontSet: `nombre` patterns."""

    _fields_ = [("nombre", ctypes.c_int), ("place", ctypes.c_int), ("motifs", ctypes.POINTER(ctypes.c_void_p))]


def non_imprimables(texte: str) -> str:
    """The characters of `texte` that no font has, once each, in their order; empty nearly always."""
    reste = COURANTS.sub("", texte)
    return "".join(signe for signe in dict.fromkeys(reste) if not imprimable(signe))


def remplacer(texte: str, absents: str) -> str:
    return texte.translate(dict.fromkeys(map(ord, absents), SUBSTITUT))


def avertissement(textes: Iterable[str]) -> str:
    """What to tell whoever has just written `textes`; empty when everything can be printed."""
    absents = non_imprimables("".join(textes))
    if not absents:
        return ""
    cites = " ".join(absents[:10])
    return (
        f"Caractère non imprimable\u00a0: {cites}. Il se lit sur le portail, mais les documents PDF montreront "
        f"«\u00a0{SUBSTITUT}\u00a0» à sa place."
        if len(absents) == 1
        else f"Caractères non imprimables\u00a0: {cites}. Ils se lisent sur le portail, mais les documents PDF "
        f"montreront «\u00a0{SUBSTITUT}\u00a0» à leur place."
    )


@lru_cache(maxsize=4096)
def imprimable(signe: str) -> bool:
    """Whether some font has it. Without fontconfig nothing is printed at all: then it is not the question."""
    jeux = _jeux()
    if not jeux:
        return True
    return any(_fontconfig().FcCharSetHasChar(jeu, ord(signe)) for jeu in jeux)


@lru_cache(maxsize=1)
def _fontconfig() -> ctypes.CDLL:
    bibliotheque = ctypes.CDLL("libfontconfig.so.1")
    bibliotheque.FcConfigGetFonts.restype = ctypes.POINTER(_Polices)
    bibliotheque.FcConfigGetFonts.argtypes = [ctypes.c_void_p, ctypes.c_int]
    bibliotheque.FcPatternGetCharSet.argtypes = [
        ctypes.c_void_p,
        ctypes.c_char_p,
        ctypes.c_int,
        ctypes.POINTER(ctypes.c_void_p),
    ]
    bibliotheque.FcCharSetHasChar.argtypes = [ctypes.c_void_p, ctypes.c_uint32]
    return bibliotheque


@lru_cache(maxsize=1)
def _jeux() -> tuple[int, ...]:
    """The sets of characters of the fonts installed, which live as long as the process."""
    try:
        bibliotheque = _fontconfig()
    except OSError:
        return ()
    bibliotheque.FcInit()
    polices = bibliotheque.FcConfigGetFonts(None, 0)
    jeux = []
    if polices:
        for rang in range(polices.contents.nombre):
            jeu = ctypes.c_void_p()
            if bibliotheque.FcPatternGetCharSet(polices.contents.motifs[rang], b"charset", 0, ctypes.byref(jeu)) == 0:
                jeux.append(jeu.value or 0)
    return tuple(filter(None, jeux))
