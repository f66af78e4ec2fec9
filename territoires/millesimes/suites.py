"""What became of an EPCI that is gone, in words and in keys: the one reading of successions."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from datetime import date
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db import connection
from django.db.models import BigIntegerField, Func, Prefetch

from rebond.socle.texte.accords import enumerer
from rebond.socle.texte.typographie import INSECABLE
from territoires.models import Epci

DEVENIR_MAX = 600
DISPARUE = "n’existe plus"

# From each of these EPCI to what is living of it, through as many successions as there were.
HERITIERES = """
WITH RECURSIVE suites(depart, epci) AS (
    SELECT id, id FROM territoires_epci WHERE id = ANY(%(epcis)s)
    UNION
    SELECT suites.depart, succession.nouvelle_id
      FROM suites
      JOIN territoires_epci AS epci ON epci.id = suites.epci AND epci.au <= %(jour)s
      JOIN territoires_succession AS succession ON succession.ancienne_id = suites.epci
)
SELECT suites.depart, epci.id
  FROM suites JOIN territoires_epci AS epci ON epci.id = suites.epci AND (epci.au IS NULL OR epci.au > %(jour)s)
 ORDER BY suites.depart, epci.population DESC, epci.siren
"""

# Of the EPCI of the query that holds it, all those that it comes from or that come from it.
LIGNEE = """
ARRAY(
    WITH RECURSIVE avant(epci) AS (
        SELECT %(expressions)s
        UNION
        SELECT s.ancienne_id FROM avant JOIN territoires_succession AS s ON s.nouvelle_id = avant.epci
    ), apres(epci) AS (
        SELECT %(expressions)s
        UNION
        SELECT s.nouvelle_id FROM apres JOIN territoires_succession AS s ON s.ancienne_id = apres.epci
    )
    SELECT epci FROM avant UNION SELECT epci FROM apres
)
"""


def heritieres(epcis: Iterable[Epci], jour: date) -> dict[int, list[int]]:
    """By the key of each EPCI, those that live on `jour` in its place, the most populous first; itself if it lives."""
    with connection.cursor() as curseur:
        curseur.execute(HERITIERES, {"epcis": [epci.pk for epci in epcis], "jour": jour})
        trouvees: dict[int, list[int]] = defaultdict(list)
        for depart, epci in curseur.fetchall():
            trouvees[depart].append(epci)
    return trouvees


def avec_lignee(epcis: Any) -> Any:
    """Adds `lignee` to a query of EPCI: the keys of those that it comes from or that come from it, and its own."""
    return epcis.annotate(lignee=Func("pk", template=LIGNEE, output_field=ArrayField(BigIntegerField())))


def epcis_et_lignees() -> Prefetch:
    """The `epcis` of a territory with their `lignee`, read once for all that a page makes of them."""
    return Prefetch("epcis", avec_lignee(Epci.objects.all()))


def lignees(epcis: Collection[int]) -> dict[int, set[int]]:
    """By key, each of `epcis` with all those that it comes from or that come from it: who speaks for the same people.

    One query."""
    lues = avec_lignee(Epci.objects.filter(pk__in=epcis)).order_by().values_list("pk", "lignee")
    return {epci: set(lignee) for epci, lignee in lues}


def devenir(siren: str, noms: Mapping[str, str], suites: Mapping[str, list[tuple[str, int]]]) -> str:
    """« devenue CA du Grand Cambrésis », « partagée entre CC A (60 % de ses habitants) et CC B (40 %) ».

    `suites`: by SIREN of those that are gone, SIREN and percent of each that came after.
    """
    return _devenir(siren, noms, suites, frozenset({siren}))[:DEVENIR_MAX]


def _devenir(
    siren: str, noms: Mapping[str, str], suites: Mapping[str, list[tuple[str, int]]], vus: frozenset[str]
) -> str:
    suivantes = suites.get(siren, [])
    if not suivantes:
        return DISPARUE
    dites = []
    for suivante, part in suivantes:
        dite = noms[suivante]
        if len(suivantes) > 1:
            dite += f" ({part}{INSECABLE}% de ses habitants)"
        if suivante in suites and suivante not in vus:
            dite += f", elle-même {_devenir(suivante, noms, suites, vus | {suivante})}"
        dites.append(dite)
    return f"devenue {dites[0]}" if len(dites) == 1 else f"partagée entre {enumerer(dites)}"


def suite_des_membres(epcis: Iterable[Epci]) -> str:
    """What a territory says of those of its members that are gone; empty when none is."""
    finies = sorted((epci for epci in epcis if epci.au), key=lambda epci: epci.siren)
    return " ; ".join(f"{epci.nom}{INSECABLE}: {epci.suite(epci.au)}" for epci in finies if epci.au)
