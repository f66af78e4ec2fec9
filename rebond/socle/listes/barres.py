"""Bars that go with figures: `composants/barres.html`. The figure is a text; the bar only draws it."""

from collections.abc import Iterable
from dataclasses import dataclass

#: What a whole bar measures in its drawing.
ETENDUE = 1000


@dataclass(frozen=True)
class Barre:
    """`texte` is the exact figure, `largeur` its part of `ETENDUE`; `lien` leads to what is counted."""

    libelle: str
    texte: str
    largeur: int
    lien: str = ""


def largeur(valeur: int, maximum: int) -> int:
    """A part of the whole bar, from nothing to `ETENDUE`; what is not nothing is always seen."""
    if maximum <= 0 or valeur <= 0:
        return 0
    return max(min(valeur * ETENDUE // maximum, ETENDUE), 4)


def barres(lignes: Iterable[tuple[str, int, str, str]]) -> list[Barre]:
    """Label, value, text and link of each, on one scale: the longest is the largest of them."""
    lues = list(lignes)
    maximum = max((valeur for _, valeur, _, _ in lues), default=0)
    return [Barre(libelle, texte, largeur(valeur, maximum), lien) for libelle, valeur, texte, lien in lues]
