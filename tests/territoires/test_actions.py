from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from rebond.comptes.actions import habiliter
from rebond.comptes.actions.roles import proposer
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.actions import inventer_epci, territoire_pour
from territoires.chargement import charger_referentiel
from territoires.etats import EtatHabilitation, Nature, Role, TypeOrganisme
from territoires.groupements import CAMBRESIS, LAUREATS_CONNUS, territoire_du_groupement
from territoires.models import Departement, Epci, Habilitation, Organisme, Region, Territoire
from territoires.requetes import nom_par_defaut
from tests.fabriques import un_agent, un_utilisateur


def test_deux_dossiers_sur_le_meme_groupement_parlent_du_meme_territoire(cambrai: Epci, caudresis: Epci) -> None:
    premier = territoire_pour(epcis=[cambrai, caudresis], chef_de_file=cambrai, nom="Cambrésis")
    second = territoire_pour(epcis=[caudresis, cambrai, caudresis], chef_de_file=caudresis, nom="Autre nom")
    assert second == premier
    assert second.nom == "Cambrésis"
    assert second.chef_de_file == cambrai
    assert second.cle == "200030633-200068500"
    assert set(second.epcis.all()) == {cambrai, caudresis}
    assert second.region_pilote.code == "32"
    assert not second.demonstration


def test_un_membre_de_moins_est_un_autre_territoire(cambrai: Epci, caudresis: Epci) -> None:
    deux = territoire_pour(epcis=[cambrai, caudresis], chef_de_file=cambrai)
    seul = territoire_pour(epcis=[cambrai], chef_de_file=cambrai)
    assert seul != deux
    assert (seul.nom, deux.nom) == ("CA de Cambrai", "CA de Cambrai et CA du Caudrésis et du Catésis")


def test_un_territoire_a_un_membre_et_un_chef_de_file_parmi_eux(cambrai: Epci, caudresis: Epci) -> None:
    with pytest.raises(RegleEnfreinte, match="au moins une"):
        territoire_pour(epcis=[], chef_de_file=cambrai)
    with pytest.raises(RegleEnfreinte, match="chef de file"):
        territoire_pour(epcis=[cambrai], chef_de_file=caudresis)
    assert not Territoire.objects.exists()


def test_le_nom_par_defaut_reste_court(charge: None) -> None:
    epcis = list(Epci.objects.order_by("siren")[:5])
    assert nom_par_defaut(epcis) == f"{epcis[0].nom} et 4 autres intercommunalités"


@pytest.mark.django_db(transaction=True)
def test_deux_demandes_au_meme_instant_font_un_seul_territoire(tables: dict[str, Any]) -> None:
    charger_referentiel(tables)
    membres = list(Epci.objects.filter(siren__in=CAMBRESIS.sirens).select_related("region"))
    depart = Barrier(4)

    def demander(rang: int) -> int:
        try:
            depart.wait(timeout=10)
            return territoire_pour(epcis=membres, chef_de_file=membres[rang % 2], nom=f"Demande {rang}").pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as fils:
        cles = set(fils.map(demander, range(4)))
    assert len(cles) == 1
    assert Territoire.objects.get().epcis.count() == 2


def test_les_laureats_connus_se_construisent_sur_le_referentiel(charge: None) -> None:
    territoires = [territoire_du_groupement(groupement) for groupement in LAUREATS_CONNUS]
    assert [t.region_pilote.code for t in territoires] == [g.region for g in LAUREATS_CONNUS]
    assert len({t.pk for t in territoires}) == 13
    assert len({t.region_pilote_id for t in territoires}) == 8


def test_un_groupement_hors_du_referentiel_charge_est_nomme(db: None) -> None:
    with pytest.raises(Epci.DoesNotExist, match="200068500"):
        territoire_du_groupement(CAMBRESIS)


def test_les_regions_et_la_population_viennent_des_membres(charge: None) -> None:
    dreux = Epci.objects.get(siren="200040277")
    territoire = territoire_pour(epcis=[dreux], chef_de_file=dreux)
    assert [region.nom for region in territoire.regions] == ["Centre-Val de Loire", "Normandie"]
    assert [departement.code for departement in territoire.departements] == ["27", "28"]
    assert territoire.population == 118_593


def test_une_collectivite_inventee_se_reconnait_et_ne_s_invente_qu_une_fois(charge: None) -> None:
    nord = Departement.objects.get(code="59")
    invention: dict[str, Any] = {
        "rang": 1,
        "nom": "CC des Trois Moulins",
        "nature": Nature.CC,
        "population": 9_000,
        "millesime": 2023,
    }
    epci = inventer_epci(departement=nord, **invention)
    assert inventer_epci(departement=nord, **invention) == epci
    assert epci.fictif
    assert epci.siren.startswith("999")
    assert territoire_pour(epcis=[epci], chef_de_file=epci).demonstration


def test_une_habilitation_donnee_est_consignee_une_fois(charge: None) -> None:
    agent, admin = un_utilisateur(), un_agent(Role.ADMINISTRATEUR)
    donnee = {"adresse": agent.email, "role": Role.EXPERT, "organisme": Organisme.objects.get(), "jusqu_au": None}
    premiere = proposer(**donnee, acteur=admin, maintenant=horloge_base())
    entree = EntreeJournal.objects.get(acte="habilitation donnée")
    assert entree.acteur == str(admin)
    assert entree.details == {"personne": agent.email}
    seconde = proposer(**donnee, acteur=admin, maintenant=horloge_base())
    assert list(Habilitation.objects.en_vigueur().filter(utilisateur=agent)) == [seconde]
    premiere.refresh_from_db()
    assert premiere.etat == EtatHabilitation.RETIREE


def test_une_habilitation_vaut_en_un_seul_lieu(charge: None) -> None:
    organisme = Organisme.objects.create(nom="DREETS", type=TypeOrganisme.DREETS)
    with pytest.raises(RegleEnfreinte, match="pas plusieurs"):
        habiliter(
            utilisateur=un_utilisateur(),
            role=Role.INSTRUCTEUR,
            organisme=organisme,
            region=Region.objects.get(code="32"),
            departement=Departement.objects.get(code="59"),
        )
