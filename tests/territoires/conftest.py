"""A small part of the real reference data: loading all of it takes a second, and most tests need a dozen EPCI."""

from typing import Any

import pytest

from territoires import referentiel
from territoires.chargement import charger_referentiel
from territoires.groupements import LAUREATS_CONNUS
from territoires.models import Epci

# Marseille's métropole, Loire Forez (part of a TI by communes), Nevers' neighbour, and a EPT of Grand Paris.
AUTRES = ("200054807", "200057990", "200054781", "244200770", "245804406", "200030435")


@pytest.fixture(scope="session")
def tables() -> dict[str, Any]:
    """The members of the known laureates, and a few EPCI that official lists cut in pieces."""
    gardes = {siren for groupement in LAUREATS_CONNUS for siren in groupement.sirens} | set(AUTRES)
    completes = referentiel.tables()
    return completes | {"epcis": [ligne for ligne in completes["epcis"] if ligne[0] in gardes]}


@pytest.fixture
def charge(db: None, tables: dict[str, Any]) -> None:
    """The database holds `tables`."""
    charger_referentiel(tables)


@pytest.fixture
def cambrai(charge: None) -> Epci:
    return Epci.objects.get(siren="200068500")


@pytest.fixture
def caudresis(charge: None) -> Epci:
    return Epci.objects.get(siren="200030633")
