"""How the portfolio of a mission is made up."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Count

from projets.mission.models import Mission
from projets.portefeuille.etats import EtatProjet, NatureProjet


@dataclass(frozen=True)
class Repartition:
    """How many projects in each state and of each nature, in the order of their enumerations; only those that are."""

    par_etat: Mapping[EtatProjet, int]
    par_nature: Mapping[NatureProjet, int]

    @property
    def en_tout(self) -> int:
        return sum(self.par_etat.values())


def repartition(mission: Mission, au: date) -> Repartition:
    """Of the projects that the list of the portfolio shows on `au`; one statement."""
    lus = mission.projets.recenses(au).order_by().values_list("etat", "nature").annotate(nombre=Count("pk"))
    etats: Counter[str] = Counter()
    natures: Counter[str] = Counter()
    for etat, nature, nombre in lus:
        etats[etat] += nombre
        natures[nature] += nombre
    return Repartition(
        {etat: etats[etat] for etat in EtatProjet if etats[etat]},
        {nature: natures[nature] for nature in NatureProjet if natures[nature]},
    )
