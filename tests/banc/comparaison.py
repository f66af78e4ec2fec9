"""A page and the empty view, turn by turn: what loads the machine meanwhile loads both."""

import statistics
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.banc.service.http import Charge, a_tour_de_role, centile, charger, requete
from tests.banc.terrain import Terrain

VIDE = requete("/")
# How many turns and seconds of each, by number of connections. A trial of the bench itself asks for less, and so does
# a page that is seconds away from its goal.
TOURS = {1: (2, 0.8), 8: (3, 1.0), 32: (1, 1.0)}
TOURS_D_ESSAI = {1: (1, 0.8), 8: (1, 1.0)}
LENTE = 0.5
VIDE_S = 0.5
ECHAUFFEMENT = 0.8
SUCCES = (200, 302, 304)


@dataclass
class Comparaison:
    """Requests a second of the page and of the empty view, by number of connections; durations in seconds."""

    page: dict[int, float] = field(default_factory=dict)
    vide: dict[int, float] = field(default_factory=dict)
    durees: dict[int, list[float]] = field(default_factory=dict)
    octets: float = 0.0

    def rapport(self, connexions: int = 8) -> float:
        """Of the empty view's requests a second, the page's."""
        return self.page[connexions] / self.vide[connexions]

    @property
    def mesures(self) -> dict[str, float]:
        """Latencies of one client alone; `rapport` at eight, which is what goals speak of."""
        return {
            "p50_ms": centile(self.durees[1], 50),
            "p95_ms": centile(self.durees[1], 95),
            "p95_ms_8": centile(self.durees[8], 95),
            **{f"par_seconde_{n}": valeur for n, valeur in self.page.items()},
            **{f"vide_par_seconde_{n}": valeur for n, valeur in self.vide.items()},
            "octets": self.octets,
            "rapport": self.rapport(),
        }


def comparer(
    terrain: Terrain, demandes: Sequence[bytes] | Callable[[], bytes], *, attendus: Sequence[int] = SUCCES
) -> Comparaison:
    """Raises AssertionError when an answer is not one of `attendus`: an error is quick."""
    suivante = demandes if callable(demandes) else a_tour_de_role(list(demandes))
    comparaison = Comparaison()
    port = terrain.portail.port
    _verifier(charger(port, suivante, connexions=8, secondes=terrain.duree(ECHAUFFEMENT)), attendus)
    lente = False
    for connexions, (tours, secondes) in (TOURS if terrain.entier else TOURS_D_ESSAI).items():
        if lente and connexions > 8:
            continue
        pages, vides = [], []
        for _ in range(1 if lente else tours):
            vides.append(
                charger(terrain.vide.port, lambda: VIDE, connexions=connexions, secondes=terrain.duree(VIDE_S))
            )
            duree = terrain.duree(secondes)
            pages.append(
                charger(port, suivante, connexions=connexions, secondes=duree, au_moins=2 if connexions == 1 else 1)
            )
            _verifier(pages[-1], attendus)
        comparaison.page[connexions] = statistics.median(charge.par_seconde for charge in pages)
        comparaison.vide[connexions] = statistics.median(charge.par_seconde for charge in vides)
        comparaison.durees[connexions] = [duree for charge in pages for duree in charge.durees]
        lente = statistics.median(comparaison.durees[1]) > LENTE
        comparaison.octets = pages[-1].octets / len(pages[-1].durees)
    return comparaison


def _verifier(charge: Charge, attendus: Sequence[int]) -> None:
    autres = Counter({statut: n for statut, n in charge.statuts.items() if statut not in attendus})
    assert not autres, f"réponses inattendues : {dict(charge.statuts)}"


def empiler(terrain: Terrain) -> float:
    """Requests a second of the empty view at eight connections, now."""
    charges = [
        charger(terrain.vide.port, lambda: VIDE, connexions=8, secondes=terrain.duree(1.0)).par_seconde
        for _ in range(3)
    ]
    return statistics.median(charges)
