"""A small part of the real reference data: loading all of it takes a second, and most tests need a few dozen EPCI.

Models are imported late: this file is read before Django is set up when the folder is named on the command line.
"""

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from territoires.models import Epci

# EPCI that official lists cut into communes or EPT, and one on two régions.
AUTRES = ("200054807", "200054781", "200057990", "200058014", "244200770", "200030435")
# Cambrai, Marcoing, L’Haÿ-les-Roses, L’Île-d’Yeu, Marseille; Thionville, and one that has become part of it.
COMMUNES = frozenset({"59122", "59377", "94038", "85113", "13055", "57672"})


@pytest.fixture(scope="session")
def tables() -> dict[str, Any]:
    """The members of the known laureates, and a few others."""
    from territoires import referentiel
    from territoires.groupements import LAUREATS_CONNUS

    gardes = {siren for groupement in LAUREATS_CONNUS for siren in groupement.sirens} | set(AUTRES)
    completes = referentiel.tables()
    communes = [commune for commune in referentiel.communes_nommees() if commune.code in COMMUNES]
    return completes | {"epcis": [ligne for ligne in completes["epcis"] if ligne[0] in gardes], "communes": communes}


@pytest.fixture
def charge(db: None, tables: dict[str, Any]) -> None:
    """The database holds `tables`."""
    from territoires.chargement import charger_referentiel

    charger_referentiel(tables)


@pytest.fixture
def cambrai(charge: None) -> "Epci":
    from territoires.models import Epci

    return Epci.objects.select_related("region").get(siren="200068500")


@pytest.fixture
def caudresis(charge: None) -> "Epci":
    from territoires.models import Epci

    return Epci.objects.select_related("region").get(siren="200030633")
