"""Outlines of the reference data → SVG path data."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from territoires.referentiel import Point, Zone

# A ring under this area (in drawing units) would be a speck.
POUSSIERE = 3.0
Aretes = Counter[tuple[Point, Point]]


@dataclass(frozen=True, slots=True)
class Cadrage:
    """From hectometres of one projection to the drawing: scale and shift, rounded to whole units."""

    cadre: str
    echelle: float
    dx: float
    dy: float

    def point(self, point: Point) -> Point:
        return round(point[0] * self.echelle + self.dx), round(point[1] * self.echelle + self.dy)

    def inverse(self, x: float, y: float) -> Point:
        """The hectometres under a point of the drawing."""
        return round((x - self.dx) / self.echelle), round((y - self.dy) / self.echelle)


def cadrer(
    zones: Iterable[Zone], *, x: float, y: float, largeur: float, hauteur: float, marge: float = 0.0
) -> Cadrage:
    """The largest scale at which these zones, all of one projection, fit centred in the rectangle.

    `marge` is the share of their extent to keep free on each side.
    """
    zones = list(zones)
    xs = [px for zone in zones for anneau in zone.anneaux for px, _ in anneau]
    ys = [py for zone in zones for anneau in zone.anneaux for _, py in anneau]
    etendue_x, etendue_y = (max(xs) - min(xs)) * (1 + 2 * marge), (max(ys) - min(ys)) * (1 + 2 * marge)
    echelle = min(largeur / etendue_x, hauteur / etendue_y)
    return Cadrage(
        cadre=zones[0].cadre,
        echelle=echelle,
        dx=x + largeur / 2 - echelle * (max(xs) + min(xs)) / 2,
        dy=y + hauteur / 2 - echelle * (max(ys) + min(ys)) / 2,
    )


def contient(zone: Zone, point: Point) -> bool:
    """Whether a point (in hectometres, of the same projection) lies inside: see `Interieur` for many of them."""
    return Interieur(zone).contient(point)


class Interieur:
    """What lies inside an outline: an odd number of its borders are to the west. Those of a parallel are looked for
    once, whatever the number of points asked for on it."""

    def __init__(self, zone: Zone) -> None:
        self._anneaux = zone.anneaux
        self._franchis: dict[int, list[float]] = {}

    def contient(self, point: Point) -> bool:
        x, y = point
        if y not in self._franchis:
            self._franchis[y] = self._franchir(y)
        return bisect_left(self._franchis[y], x) % 2 == 1

    def _franchir(self, y: int) -> list[float]:
        """Where the parallel `y` goes through a border, from west to east."""
        return sorted(
            x1 + (y - y1) * (x2 - x1) / (y2 - y1)
            for anneau in self._anneaux
            for (x1, y1), (x2, y2) in zip(anneau, anneau[1:] + anneau[:1], strict=True)
            if (y1 > y) != (y2 > y)
        )


def trace(zones: Iterable[Zone], cadrage: Cadrage) -> str:
    """Path data of the zones put together: borders that two of them share vanish. Empty outside the projection."""
    aretes: Aretes = Counter()
    for zone in zones:
        if zone.cadre == cadrage.cadre:
            for anneau in zone.anneaux:
                _poser([cadrage.point(point) for point in anneau], aretes)
    anneaux = sorted(_recoudre(aretes), key=_aire, reverse=True)
    gardes = [anneau for rang, anneau in enumerate(anneaux) if rang == 0 or _aire(anneau) >= POUSSIERE]
    return "".join(_ecrire(anneau) for anneau in gardes)


def _poser(points: list[Point], aretes: Aretes) -> None:
    """Adds a ring's edges. Neighbours turn the same way, so that a shared edge comes back reversed, and both go."""
    for depart, arrivee in zip(points, points[1:] + points[:1], strict=True):
        if depart == arrivee:
            continue
        if aretes[arrivee, depart]:
            aretes[arrivee, depart] -= 1
        else:
            aretes[depart, arrivee] += 1


def _recoudre(aretes: Aretes) -> Iterator[list[Point]]:
    """Rings made of these edges. As many leave each point as reach it, so every walk comes back to its start."""
    suites: dict[Point, list[Point]] = defaultdict(list)
    for depart, arrivee in sorted(aretes.elements()):
        suites[depart].append(arrivee)
    for depart in sorted(suites):
        while suites[depart]:
            anneau = [depart]
            courant = suites[depart].pop()
            while courant != depart:
                anneau.append(courant)
                courant = suites[courant].pop()
            yield anneau


def _aire(anneau: list[Point]) -> float:
    return abs(sum(x1 * y2 - x2 * y1 for (x1, y1), (x2, y2) in zip(anneau, anneau[1:] + anneau[:1], strict=True))) / 2


def _ecrire(anneau: list[Point]) -> str:
    """Relative moves: the shortest writing. A minus sign separates as well as a space does."""
    morceaux = [f"M{anneau[0][0]} {anneau[0][1]}l"]
    for (x1, y1), (x2, y2) in pairwise(anneau):
        morceaux.append(f"{' ' if x2 >= x1 and len(morceaux) > 1 else ''}{x2 - x1}{' ' if y2 >= y1 else ''}{y2 - y1}")
    return "".join(morceaux) + "z"
