"""The région and the département that a list is asked for are read at once, and what does not exist says so."""

import pytest

from candidatures.instruction.filtres import FiltresDesDossiers
from candidatures.instruction.suivi.models import Suivi
from rebond.socle.listes.filtres import CHOIX_INCONNU
from territoires.etats import Role
from tests import fabriques as f

pytestmark = pytest.mark.django_db


def lus(django_assert_num_queries, instructions: int, **demande: str):
    jeu = FiltresDesDossiers(demande, Suivi.objects.all(), moi=f.un_agent(Role.INSTRUCTEUR), vague=f.une_vague())
    with django_assert_num_queries(instructions):
        assert jeu.errors is not None
    return jeu


def test_la_region_et_le_departement_se_lisent_en_une_instruction(django_assert_num_queries):
    departement = f.un_departement("29", "53")
    jeu = lus(django_assert_num_queries, 1, region="53", departement="29")
    assert jeu.demandees == {"region": departement.region, "departement": departement}
    assert [str(lu) for lu in jeu.demandees.values()] == [str(departement.region), str(departement)]


@pytest.mark.parametrize("code", ["99", "5", "53 ", "'", "nulle part"])
def test_ce_qui_n_existe_pas_se_dit_et_n_ote_pas_l_autre(django_assert_num_queries, code: str):
    departement = f.un_departement("29", "53")
    jeu = lus(django_assert_num_queries, 1, region=code, departement="29")
    assert (jeu.errors["region"], jeu.demandees) == ([CHOIX_INCONNU], {"departement": departement})


def test_rien_n_est_lu_de_ce_qui_n_est_pas_demande(django_assert_num_queries):
    assert lus(django_assert_num_queries, 0).demandees == {}
