"""How far the writing of a file is, and whether somebody gave it up: told between processes by the cache.

Nothing depends on it: without Valkey the page says that the file is being prepared, and the act that gives it up is a
row, which the worker reads before it gives anything.
"""

from collections.abc import Callable, Iterable, Iterator
from math import inf
from time import monotonic
from typing import Any

from django.core.cache import cache

DUREE = 3600
#: Rows between two looks at the clock, and seconds between two words.
PAS, PERIODE = 100, 0.5


class PreparationAnnulee(Exception):
    """Whoever asked has given it up."""


def suivre(
    pk: int, lignes: Iterable[Any], *, horloge: Callable[[], float] = monotonic, pas: int = PAS
) -> Iterator[Any]:
    """The same rows; raises PreparationAnnulee soon after somebody gave them up."""
    dernier = -inf
    for rang, ligne in enumerate(lignes):
        if rang % pas == 0 and horloge() - dernier >= PERIODE:
            dernier = horloge()
            cache.set(_cle(pk), rang, DUREE)
            if cache.get(_cle_d_arret(pk)):
                raise PreparationAnnulee
        yield ligne


def lignes_ecrites(pk: int) -> int | None:
    """None while nobody has said."""
    dites: int | None = cache.get(_cle(pk))
    return dites


def arreter(pk: int) -> None:
    cache.set(_cle_d_arret(pk), True, DUREE)


def _cle(pk: int) -> str:
    return f"export-de-liste-{pk}-lignes"


def _cle_d_arret(pk: int) -> str:
    return f"export-de-liste-{pk}-arret"
