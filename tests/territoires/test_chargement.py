from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from rebond.socle.importation.imports import ChuteRefusee
from territoires import referentiel
from territoires.chargement import ReferentielFautif, charger_referentiel
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
    millesime = tables | {"millesime": 2027, "epcis": [nouvelle]}
    with pytest.raises(ChuteRefusee, match="recommencez avec --confirmer"):
        charger_referentiel(millesime)
    bilan = charger_referentiel(millesime, confirmer=True)
    cambrai.refresh_from_db()
    assert (cambrai.nom, cambrai.population, cambrai.millesime) == ("CA du Grand Cambrésis", 83_000, 2027)
    assert cambrai.codes_des_departements == ["02", "59"]
    assert cambrai.recherche == "ca du grand cambresis"
    assert bilan.disparus == len(tables["epcis"]) - 1
    disparue = Epci.objects.get(siren="200030633")
    assert (disparue.millesime, disparue.suite(date(2027, 1, 1))) == (
        2026,
        "au 1er\u00a0janvier\u00a02027, n’existe plus",
    )
    assert disparue.suite(date(2026, 12, 31)) == ""


def test_un_essai_a_blanc_dit_ce_qui_changerait_et_ne_charge_rien(charge: None, tables: dict[str, Any]) -> None:
    avant = etat()
    ancien = next(ligne for ligne in tables["epcis"] if ligne[0] == "200068500")
    renommee = ["200068500", "CA du Grand Cambrésis", *ancien[2:]]
    reste = [ligne for ligne in tables["epcis"] if ligne[0] != "200068500"]
    ecart = charger_referentiel(tables | {"epcis": [renommee, *reste[1:]]}, a_blanc=True).ecart
    assert etat() == avant
    assert (ecart.presents, ecart.ajoutes) == (len(avant), ())
    assert ecart.modifies == (
        f"200068500 {', '.join(map(str, ancien[1:4]))} → CA du Grand Cambrésis, {', '.join(map(str, ancien[2:4]))}",
    )
    assert ecart.retires == (f"{reste[0][0]} {reste[0][1]} (gardée)",)


def test_toutes_les_lignes_fautives_sont_dites_et_rien_n_est_charge(charge: None, tables: dict[str, Any]) -> None:
    avant = etat()
    fautives = [
        ["2,00069E+08", "Une", "CC", 10, "32", ["32"], ["59"]],
        ["200068500", "Deux", "SIVOM", -1, "32", ["32"], ["59"]],
        ["200030633", "Trois", "CC", 10, "99", ["32"], ["59"]],
    ]
    with pytest.raises(ReferentielFautif) as refus:
        charger_referentiel(tables | {"epcis": fautives}, confirmer=True)
    assert [faute.split("\u00a0: ")[1].split(",")[0] for faute in refus.value.fautes] == [
        "abîmé par le tableur",
        "la nature «\u00a0SIVOM\u00a0» n’est pas connue.",
        "la population «\u00a0-1\u00a0» n’est pas un nombre d’habitants.",
        "99 n’est pas dans le fichier.",
    ]
    assert etat() == avant


def test_les_communes_deviennent_celles_du_millesime(charge: None, tables: dict[str, Any]) -> None:
    marcoing, autre = (commune for commune in tables["communes"] if commune.code in {"59377", "59122"})
    charger_referentiel(tables | {"communes": [marcoing, replace(autre, nom="Renommée")]})
    assert list(Commune.objects.order_by("code").values_list("code", "nom", "epci__siren")) == [
        (marcoing.code, marcoing.nom, "200068500"),
        (autre.code, "Renommée", "200068500"),
    ]


def test_tout_le_referentiel_se_charge(db: None) -> None:
    bilan = charger_referentiel(referentiel.tables())
    assert (bilan.millesime, bilan.regions, bilan.departements, bilan.epcis) == (2026, 18, 101, 1266)
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
