from dataclasses import replace
from typing import Any

import pytest

from territoires import referentiel
from territoires.chargement import charger_referentiel
from territoires.groupements import LAUREATS_CONNUS, LORIENT
from territoires.models import Commune, Departement, Epci, Region
from territoires.regles import siren_valide

# Kept small on purpose: they travel with every clone.
POIDS_MAX = 1_000_000


def etat() -> list[tuple]:
    return [
        (e.pk, e.siren, e.nom, e.millesime, sorted(r.code for r in e.regions.all()), e.codes_des_departements)
        for e in Epci.objects.prefetch_related("regions", "departements").order_by("siren")
    ]


def test_charger_deux_fois_ne_change_rien(charge: None, tables: dict[str, Any]) -> None:
    avant, communes = etat(), list(Commune.objects.values_list("pk", flat=True))
    bilan = charger_referentiel(tables)
    assert etat() == avant
    assert (bilan.regions, bilan.departements, bilan.epcis, bilan.disparus) == (18, 101, len(avant), 0)
    assert list(Commune.objects.values_list("pk", flat=True)) == communes


def test_un_nouveau_millesime_met_a_jour_et_garde_les_disparus(charge: None, tables: dict[str, Any]) -> None:
    cambrai = Epci.objects.get(siren="200068500")
    nouvelle = ["200068500", "CA du Grand Cambrésis", "CA", 83_000, "32", ["32", "44"], ["02", "59"]]
    bilan = charger_referentiel(tables | {"millesime": 2024, "epcis": [nouvelle]})
    cambrai.refresh_from_db()
    assert (cambrai.nom, cambrai.population, cambrai.millesime) == ("CA du Grand Cambrésis", 83_000, 2024)
    assert cambrai.codes_des_departements == ["02", "59"]
    assert cambrai.recherche == "ca du grand cambresis"
    assert bilan.disparus == len(tables["epcis"]) - 1
    assert Epci.objects.get(siren="200030633").millesime == 2023


def test_les_communes_deviennent_celles_du_millesime(charge: None, tables: dict[str, Any]) -> None:
    marcoing, autre = (commune for commune in tables["communes"] if commune.code in {"59377", "59122"})
    charger_referentiel(tables | {"communes": [marcoing, replace(autre, nom="Renommée")]})
    assert list(Commune.objects.order_by("code").values_list("code", "nom", "epci__siren")) == [
        (marcoing.code, marcoing.nom, "200068500"),
        (autre.code, "Renommée", "200068500"),
    ]


def test_tout_le_referentiel_se_charge(db: None) -> None:
    bilan = charger_referentiel(referentiel.tables())
    assert (bilan.millesime, bilan.regions, bilan.departements, bilan.epcis) == (2023, 18, 101, 1266)
    assert not Epci.objects.filter(departements=None).exists()
    assert Region.objects.get(code="32").nom == "Hauts-de-France"
    assert Departement.objects.get(code="2A").region.nom == "Corse"


def test_les_membres_des_laureats_connus_sont_tous_au_referentiel() -> None:
    connus = {ligne[0] for ligne in referentiel.tables()["epcis"]}
    cites = [siren for groupement in (*LAUREATS_CONNUS, LORIENT) for siren in groupement.sirens]
    assert [siren for siren in cites if siren not in connus] == []
    assert len(cites) == len(set(cites)) == 43


def test_chaque_epci_a_un_siren_valide_et_un_contour() -> None:
    for siren, nom, *_ in referentiel.tables()["epcis"]:
        assert siren_valide(siren), nom
        zone = referentiel.zone("epcis", siren)
        assert zone is not None, nom
        assert zone.anneaux, nom


def test_chaque_commune_a_une_intercommunalite_sauf_quatre_iles() -> None:
    sans = [code for code, commune in referentiel.communes().items() if not commune.siren_epci]
    assert sans == ["22016", "29083", "29155", "85113"]
    assert referentiel.communes()["59122"].siren_epci == "200068500"
    assert referentiel.communes_par_siren()["211300546"].code == "13054"


def test_les_fichiers_derives_restent_petits() -> None:
    assert sum(fichier.stat().st_size for fichier in referentiel.DONNEES.iterdir()) < POIDS_MAX


@pytest.mark.parametrize(("genre", "nombre"), [("regions", 18), ("departements", 101), ("epcis", 1266)])
def test_les_contours_couvrent_tout(genre: Any, nombre: int) -> None:
    assert len(referentiel.zones(genre)) == nombre
