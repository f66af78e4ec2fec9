"""Where the numbers of a map go, so that none hides another."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from math import dist

from territoires.referentiel import Point

#: More than enough: a map that is not sorted out by then is as good as it will be.
TOURS = 200
#: Between two discs, in units of the drawing.
JOUR = 2.0


@dataclass(frozen=True, slots=True)
class Pastille:
    """A number at (x, y), of the territory that is at `montre`."""

    numero: int
    x: float
    y: float
    montre: Point

    def loin_de(self, rayon: float) -> bool:
        """Whether it has to be shown what it speaks of."""
        return dist((self.x, self.y), self.montre) > 2 * rayon


def ecarter(pastilles: Sequence[Pastille], *, rayon: float, largeur: float, hauteur: float) -> list[Pastille]:
    """The same, pushed apart two by two, within the drawing. Same input, same places."""
    places = list(pastilles)
    ecart = 2 * rayon + JOUR
    for _ in range(TOURS):
        bouge = False
        for i, j in combinations(range(len(places)), 2):
            une, autre = places[i], places[j]
            distance = dist((une.x, une.y), (autre.x, autre.y))
            if distance >= ecart:
                continue
            bouge = True
            # Two at the same place part sideways.
            dx, dy = ((autre.x - une.x) / distance, (autre.y - une.y) / distance) if distance else (1.0, 0.0)
            pas = (ecart - distance) / 2 + 0.1
            places[i] = _dedans(une, -dx * pas, -dy * pas, rayon, largeur, hauteur)
            places[j] = _dedans(autre, dx * pas, dy * pas, rayon, largeur, hauteur)
        if not bouge:
            break
    return [replace(placee, x=round(placee.x, 1), y=round(placee.y, 1)) for placee in places]


def _dedans(pastille: Pastille, dx: float, dy: float, rayon: float, largeur: float, hauteur: float) -> Pastille:
    x = min(max(pastille.x + dx, rayon + 1), largeur - rayon - 1)
    y = min(max(pastille.y + dy, rayon + 1), hauteur - rayon - 1)
    return replace(pastille, x=x, y=y)
