"""Who reads an envelope, and at which cost."""

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from projets.models import Concours, Enveloppe, Projet
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Region
from tests.fabriques import un_agent, un_departement, un_utilisateur
from tests.projets import conduite
from tests.projets.enveloppe.outils import accorder, adresse

pytestmark = pytest.mark.django_db


def test_l_equipe_lit_l_enveloppe_et_n_accorde_rien(client: Client, enveloppe: Enveloppe) -> None:
    equipier = conduite.un_equipier(enveloppe.mission)
    client.force_login(equipier)
    assert client.get(adresse(enveloppe)).status_code == 200
    for suite in ("ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404
    with pytest.raises(RegleEnfreinte, match="Seul un gestionnaire"):
        accorder(enveloppe, 1_000, equipier)


def test_un_gestionnaire_d_ailleurs_n_accorde_rien_ici(client: Client, enveloppe: Enveloppe) -> None:
    un_departement("29", "53")
    breton = un_agent(Role.GESTIONNAIRE, region=Region.objects.get(code="53"))
    client.force_login(breton)
    for suite in ("", "ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404
    with pytest.raises(RegleEnfreinte, match="de ce territoire"):
        accorder(enveloppe, 1_000, breton)


@pytest.mark.parametrize("role", [None, Role.PRESSE, Role.EXPERT, Role.CHARGE_MISSION])
def test_pour_les_autres_l_enveloppe_n_existe_pas(client: Client, enveloppe: Enveloppe, role: Role | None) -> None:
    client.force_login(un_agent(role) if role else un_utilisateur())
    for suite in ("", "ouvrir/", f"{enveloppe.pk}/accorder/"):
        assert client.get(adresse(enveloppe, suite)).status_code == 404


def test_l_enveloppe_coute_autant_pour_un_concours_que_pour_trois(
    client: Client, enveloppe: Enveloppe, gestionnaire: Utilisateur, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for attendus in (1, 3):
        while Concours.objects.count() < attendus:
            accorder(enveloppe, 1_000, gestionnaire)
            conduite.un_projet(enveloppe)
        with django_assert_num_queries(9):
            [situation] = client.get(adresse(enveloppe)).context["situations"]
        assert (len(situation.concours), len(situation.attendent)) == (attendus, attendus)
        assert Projet.objects.count() == 2 * attendus
