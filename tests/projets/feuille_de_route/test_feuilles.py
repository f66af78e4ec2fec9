"""Pages of the roadmap: axes, their actions, their order; and who writes them."""

from datetime import date
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projets.feuille_de_route.actions import ecrire_axe
from projets.models import Axe, Mission
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests.fabriques import d_une_autre_page, porteur_de, un_agent, un_utilisateur
from tests.projets import conduite

pytestmark = pytest.mark.django_db


@pytest.fixture
def mission() -> Mission:
    return conduite.une_mission()


@pytest.fixture
def equipier(client: Client, mission: Mission) -> Utilisateur:
    personne = conduite.un_equipier(mission)
    client.force_login(personne)
    return personne


def adresse(mission: Mission, suite: str = "") -> str:
    return f"/missions/{mission.pk}/feuille-de-route/{suite}"


def un_axe(mission: Mission, acteur: Utilisateur, titre: str = "L’emploi") -> Axe:
    return ecrire_axe(
        mission=mission,
        titre=titre,
        description="",
        epcis=[],
        actions=[{"intitule": f"Agir pour {titre}"}],
        acteur=acteur,
        maintenant=horloge_base(),
    )


def saisie(**champs: Any) -> dict[str, Any]:
    return {
        "titre": "Les compétences",
        "description": "Former.",
        "actions-TOTAL_FORMS": "1",
        "actions-INITIAL_FORMS": "0",
        "actions-0-intitule": "Ouvrir une école",
        "actions-0-pilote": "Région",
        "actions-0-echeance": "2024-09-01",
    } | champs


def titres(mission: Mission) -> list[str]:
    return list(Axe.objects.filter(feuille__mission=mission).values_list("titre", flat=True))


def test_un_axe_s_ecrit_avec_ses_actions_puis_se_corrige(
    client: Client, mission: Mission, equipier: Utilisateur
) -> None:
    epci = mission.labellisations.get().territoire.chef_de_file
    assert client.post(adresse(mission, "ajouter/"), saisie(epcis=[epci.pk])).status_code == 302
    axe = Axe.objects.get()
    assert (axe.rang, axe.titre, axe.epcis.get()) == (1, "Les compétences", epci)
    assert list(axe.actions.values_list("intitule", "pilote", "echeance")) == [
        ("Ouvrir une école", "Région", date(2024, 9, 1))
    ]
    page = adresse(mission, f"{axe.pk}/modifier/")
    assert 'value="Ouvrir une école"' in client.get(page).content.decode()
    corrige = saisie(titre="L’emploi", **{"actions-0-intitule": "Ouvrir deux écoles"})
    assert client.post(page, corrige).status_code == 302
    axe.refresh_from_db()
    assert (axe.titre, axe.actions.get().intitule, axe.epcis.count()) == ("L’emploi", "Ouvrir deux écoles", 0)
    assert EntreeJournal.objects.filter(acte="ecrire_axe", objet_id=str(axe.pk)).count() == 2


def test_ajouter_une_ligne_garde_ce_qui_est_saisi_et_n_enregistre_rien(
    client: Client, mission: Mission, equipier: Utilisateur
) -> None:
    reponse = client.post(adresse(mission, "ajouter/"), saisie(**{"actions-ajouter": ""}))
    html = reponse.content.decode()
    assert 'name="actions-1-intitule"' in html
    assert 'value="Ouvrir une école"' in html
    assert 'value="Les compétences"' in html
    assert not Axe.objects.exists()


def test_une_action_sans_intitule_est_refusee_et_reste_saisie(
    client: Client, mission: Mission, equipier: Utilisateur
) -> None:
    reponse = client.post(adresse(mission, "ajouter/"), saisie(**{"actions-0-intitule": ""}))
    html = reponse.content.decode()
    assert "«\u00a0Actions\u00a0» est à corriger" in html
    assert 'value="Région"' in html
    assert not Axe.objects.exists()


def test_les_axes_changent_de_place_et_s_arretent_aux_bouts(
    client: Client, mission: Mission, equipier: Utilisateur
) -> None:
    for titre in ("Un", "Deux", "Trois"):
        dernier = un_axe(mission, equipier, titre)
    client.post(adresse(mission, f"{dernier.pk}/monter/"))
    assert titres(mission) == ["Un", "Trois", "Deux"]
    for _ in range(3):
        client.post(adresse(mission, f"{dernier.pk}/monter/"))
    assert titres(mission) == ["Trois", "Un", "Deux"]
    client.post(adresse(mission, f"{dernier.pk}/descendre/"))
    assert titres(mission) == ["Un", "Trois", "Deux"]
    assert client.get(adresse(mission, f"{dernier.pk}/monter/")).url == adresse(mission)


def test_un_axe_se_retire_apres_confirmation(client: Client, mission: Mission, equipier: Utilisateur) -> None:
    axe = un_axe(mission, equipier)
    page = adresse(mission, f"{axe.pk}/retirer/")
    assert "Ce retrait est définitif" in client.get(page).content.decode()
    assert titres(mission) == ["L’emploi"]
    assert client.post(page).status_code == 302
    assert titres(mission) == []
    assert client.post(page, d_une_autre_page()).status_code == 404
    with pytest.raises(RegleEnfreinte, match="n’est plus dans la feuille"):
        ecrire_axe(
            mission=mission,
            axe=axe,
            titre="Trop tard",
            description="",
            epcis=[],
            actions=[],
            acteur=equipier,
            maintenant=horloge_base(),
        )


def test_le_territoire_lit_la_feuille_de_route(client: Client, mission: Mission) -> None:
    un_axe(mission, conduite.un_equipier(mission))
    territoire = un_utilisateur()
    candidature = mission.labellisations.get().candidature
    candidature.participations.create(utilisateur=territoire, qualite="porteur")
    assert porteur_de(candidature) == territoire
    client.force_login(territoire)
    html = client.get(adresse(mission)).content.decode()
    assert "Agir pour L’emploi" in html
    assert "Modifier" not in html


@pytest.mark.parametrize("role", [Role.GESTIONNAIRE, Role.INSTRUCTEUR, Role.VALIDEUR, Role.CHARGE_MISSION])
def test_seule_l_equipe_ecrit_la_feuille_de_route(client: Client, mission: Mission, role: Role) -> None:
    axe = un_axe(mission, conduite.un_equipier(mission))
    client.force_login(un_agent(role))
    for suite in ("ajouter/", f"{axe.pk}/modifier/", f"{axe.pk}/monter/", f"{axe.pk}/retirer/"):
        assert client.post(adresse(mission, suite), saisie()).status_code == 404
    assert titres(mission) == ["L’emploi"]


def test_un_axe_d_une_autre_mission_n_existe_pas_ici(client: Client, mission: Mission, equipier: Utilisateur) -> None:
    ailleurs = Mission.objects.create(titre="Ailleurs", etat=mission.etat, debut=mission.debut, restituee_le=date.max)
    axe = un_axe(ailleurs, conduite.un_equipier(ailleurs))
    assert client.post(adresse(mission, f"{axe.pk}/modifier/"), saisie()).status_code == 404
    assert titres(ailleurs) == ["L’emploi"]


def test_la_feuille_de_route_coute_autant_pour_un_axe_que_pour_trois(
    client: Client, mission: Mission, equipier: Utilisateur, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendus in (1, 3):
        while Axe.objects.count() < attendus:
            un_axe(mission, equipier, f"Axe {Axe.objects.count()}")
        with django_assert_num_queries(9):
            assert len(client.get(adresse(mission)).context["axes"]) == attendus
