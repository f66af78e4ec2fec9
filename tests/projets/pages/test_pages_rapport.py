"""Pages of mission reports: for those who see the mission, asked for by its team alone."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projets.models import EquipeMission, Mission, Rapport
from projets.rapport import actions as rapports
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests.fabriques import d_une_autre_page, un_agent, un_utilisateur
from tests.projets import decor

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    return decor.une_annonce()


@pytest.fixture
def consultante(mission: Mission) -> Utilisateur:
    personne = un_agent(Role.CHARGE_MISSION)
    EquipeMission.objects.create(mission=mission, utilisateur=personne)
    return personne


@pytest.fixture
def equipe(client: Client, consultante: Utilisateur) -> Client:
    client.force_login(consultante)
    return client


def test_on_demande_on_suit_on_telecharge(equipe: Client, mission: Mission) -> None:
    liste = f"/rapports/mission/{mission.pk}/"
    assert equipe.post(liste, {"au": "2023-08-28"}).status_code == 302
    rapport = Rapport.objects.get()
    page = f"/rapports/{rapport.pk}/"
    assert "<progress" in equipe.get(page).content.decode()
    attente = {"etat": "demande", "etape": "En attente", "avancement": 0, "fini": False}
    assert equipe.get(f"{page}etat/").json() == attente
    assert equipe.get(f"{page}fichier/").status_code == 404
    encore = equipe.post(liste, {"au": "2023-08-28"} | d_une_autre_page())
    assert encore.status_code == 409
    assert "déjà en cours" in encore.content.decode()
    rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base())
    assert equipe.get(f"{page}etat/").json()["fini"] is True
    fichier = equipe.get(f"{page}fichier/")
    assert b"".join(fichier).startswith(b"%PDF")
    assert fichier.headers["Content-Disposition"] == f'attachment; filename="{rapport.nom}"'


def test_qui_ne_voit_pas_la_mission_ne_trouve_rien(client: Client, mission: Mission, consultante: Utilisateur) -> None:
    rapport = rapports.demander_rapport(mission=mission, au=decor.RESTITUTION, acteur=consultante)
    adresses = [
        f"/rapports/mission/{mission.pk}/",
        *(f"/rapports/{rapport.pk}/{s}" for s in ("", "etat/", "fichier/")),
    ]
    client.force_login(un_utilisateur())
    assert [client.get(adresse).status_code for adresse in adresses] == [404, 404, 404, 404]
    assert client.post(f"/rapports/{rapport.pk}/relancer/").status_code == 404


def test_un_lecteur_ne_demande_pas_de_rapport(client: Client, mission: Mission) -> None:
    client.force_login(un_agent(Role.GESTIONNAIRE))
    liste = f"/rapports/mission/{mission.pk}/"
    assert "Demander un nouveau rapport" not in client.get(liste).content.decode()
    assert client.post(liste, {"au": "2023-08-28"}).status_code == 404


def test_un_echec_se_relance_depuis_la_page(equipe: Client, mission: Mission, consultante: Utilisateur) -> None:
    rapport = rapports.demander_rapport(mission=mission, au=decor.RESTITUTION, acteur=consultante)
    mission.labellisations.get().territoire.chef_de_file.departements.clear()
    rapports.fabriquer(rapport_id=rapport.pk, maintenant=horloge_base())
    page = equipe.get(f"/rapports/{rapport.pk}/").content.decode()
    assert f"rapport n° {rapport.pk}" in page
    assert "Relancer la fabrication" in page
    assert equipe.post(f"/rapports/{rapport.pk}/relancer/").status_code == 302
    rapport.refresh_from_db()
    assert rapport.etat == "demande"


@pytest.mark.parametrize("combien", [1, 3])
def test_la_liste_se_lit_en_un_nombre_constant_de_requetes(
    equipe: Client,
    mission: Mission,
    consultante: Utilisateur,
    combien: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for version in range(1, combien + 1):
        Rapport.objects.create(
            mission=mission, version=version, au=decor.RESTITUTION, demande_par=consultante, etat="echec"
        )
    with django_assert_num_queries(7):
        equipe.get(f"/rapports/mission/{mission.pk}/")
