"""What the tests of accesses ask leaves nothing behind."""

import pytest
from django.db import DatabaseError, connection, transaction

from rebond.socle.utilisateur import Utilisateur
from tests import fabriques as f
from tests.acces.requetes import sans_trace, sql_de
from tests.outils.roles import administrer

pytestmark = pytest.mark.django_db


def test_ce_qui_est_ecrit_est_defait_et_ce_qui_l_etait_reste() -> None:
    reste = f.un_utilisateur()
    with sans_trace():
        f.un_utilisateur()
        transaction.on_commit(lambda: pytest.fail("ce qui est défait n’a rien à faire ensuite"))
    with sans_trace():
        f.un_utilisateur()
    assert list(Utilisateur.objects.all()) == [reste]
    assert connection.run_on_commit == []


def test_ce_que_postgres_refuse_n_empeche_pas_la_suite() -> None:
    with sans_trace(), pytest.raises(DatabaseError):
        administrer("SELECT 1 / 0")
    assert not Utilisateur.objects.exists()


def test_ce_qui_ne_demande_rien_ne_coute_rien_et_le_reste_se_compte_tel_quel() -> None:
    with sql_de() as toutes, sans_trace():
        pass
    with sans_trace(), sql_de() as demandees:
        assert not Utilisateur.objects.exists()
    assert (toutes, len(demandees)) == ([], 1)
