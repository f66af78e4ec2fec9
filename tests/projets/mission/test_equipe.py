"""The team of a mission: who makes it up, and that it is never left empty by its own hand."""

import pytest
from django.test import Client

from projets.models import Mission
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import EtatHabilitation, Role
from tests.fabriques import un_agent
from tests.projets import conduite

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    return conduite.une_mission()


@pytest.fixture
def equipier(client: Client, mission: Mission) -> Utilisateur:
    equipier = conduite.un_equipier(mission)
    client.force_login(equipier)
    return equipier


def adresse(mission: Mission) -> str:
    return f"/missions/{mission.pk}/equipe/"


def test_un_collegue_rejoint_l_equipe_puis_la_quitte(client: Client, mission: Mission, equipier: Utilisateur) -> None:
    collegue = un_agent(Role.CHARGE_MISSION)
    page = client.get(adresse(mission)).content.decode()
    assert collegue.email in page
    assert "Retirer" not in page
    assert client.post(adresse(mission), {"utilisateur": collegue.pk}).status_code == 302
    assert Mission.objects.modifiables_par(collegue).get() == mission
    assert client.post(f"{adresse(mission)}{equipier.pk}/retirer/").headers["Location"] == "/missions/"
    assert list(mission.equipe.all()) == [collegue]
    assert client.get(adresse(mission)).status_code == 404
    actes = EntreeJournal.objects.filter(acte__in=["rejoindre", "quitter"]).order_by("pk")
    assert list(actes.values_list("acte", flat=True)) == ["rejoindre", "quitter"]


def test_la_derniere_personne_reste(client: Client, mission: Mission, equipier: Utilisateur) -> None:
    reponse = client.post(f"{adresse(mission)}{equipier.pk}/retirer/")
    assert reponse.status_code == 409
    assert "ajoutez d’abord qui prend la suite" in reponse.content.decode()
    assert list(mission.equipe.all()) == [equipier]


def test_seul_un_charge_de_mission_absent_de_l_equipe_est_propose(
    client: Client, mission: Mission, equipier: Utilisateur
) -> None:
    gestionnaire = un_agent(Role.GESTIONNAIRE)
    for personne in (gestionnaire, equipier):
        refus = client.post(adresse(mission), {"utilisateur": personne.pk})
        assert "n’est plus chargée de mission" in refus.content.decode()
    assert list(mission.equipe.all()) == [equipier]


def test_un_administrateur_donne_une_equipe_a_une_mission_que_plus_personne_ne_conduit(
    client: Client, mission: Mission, equipier: Utilisateur
) -> None:
    equipier.habilitations.update(etat=EtatHabilitation.RETIREE, finie_le=horloge_base())
    assert client.get(adresse(mission)).status_code == 404
    client.force_login(un_agent(Role.ADMINISTRATEUR))
    assert "Composer l’équipe" in client.get(f"/missions/{mission.pk}/").content.decode()
    suite = un_agent(Role.CHARGE_MISSION)
    assert client.post(adresse(mission), {"utilisateur": suite.pk}).status_code == 302
    assert Mission.objects.modifiables_par(suite).exists()
    assert client.post(f"/missions/{mission.pk}/industriels/ajouter/").status_code == 404


@pytest.mark.parametrize("role", [Role.CHARGE_MISSION, Role.GESTIONNAIRE, Role.INSTRUCTEUR, Role.VALIDEUR])
def test_les_autres_ne_composent_pas_l_equipe(client: Client, mission: Mission, role: Role) -> None:
    equipier = conduite.un_equipier(mission)
    client.force_login(un_agent(role))
    assert client.get(adresse(mission)).status_code == 404
    assert client.post(f"{adresse(mission)}{equipier.pk}/retirer/").status_code == 404
    assert list(mission.equipe.all()) == [equipier]
