"""What the backend leaves in a session that a pooler gives to somebody else between two transactions: nothing."""

import select

import pytest
from django.db import InternalError, NotSupportedError, connection, transaction
from django.test.utils import CaptureQueriesContext
from psycopg import connect, sql

from rebond.socle.bdd.lecture import en_lecture
from rebond.socle.models import Battement
from tests.outils.roles import url_administrateur

pytestmark = pytest.mark.django_db(transaction=True)

MODES = "SELECT current_setting('transaction_read_only'), current_setting('default_transaction_read_only')"
ECRIRE = "INSERT INTO socle_battement (nom, instant) VALUES (%s, now())"


def modes() -> tuple[str, str]:
    """Of the transaction, and of the session."""
    with connection.cursor() as curseur:
        curseur.execute(MODES)
        lus: tuple[str, str] = curseur.fetchone()
        return lus


def test_la_lecture_se_dit_dans_chaque_transaction_et_jamais_a_la_session() -> None:
    with en_lecture():
        assert modes() == ("on", "off")
        with transaction.atomic():
            assert modes() == ("on", "off")
            assert modes() == ("on", "off")
        assert modes() == ("on", "off")
    assert modes() == ("off", "off")
    with transaction.atomic():
        assert modes() == ("off", "off")


def test_une_page_qui_lit_n_echange_rien_de_plus_que_ses_instructions() -> None:
    with CaptureQueriesContext(connection) as requetes, en_lecture():
        assert list(Battement.objects.values_list("nom", flat=True)) == []
    assert [dite["sql"].split()[0] for dite in requetes] == ["SELECT"]


def test_ce_qui_est_ecrit_autrement_qu_en_texte_se_lit_de_meme() -> None:
    with en_lecture(), connection.cursor() as curseur:
        for instruction in (b"SELECT 7", sql.SQL("SELECT {}").format(sql.Literal(7))):
            curseur.execute(instruction)
            assert curseur.fetchone() == (7,)


def test_ni_un_lot_ni_une_copie_ni_la_connexion_nue_n_ecrivent() -> None:
    with en_lecture():
        with connection.cursor() as curseur:
            with pytest.raises(InternalError, match="read-only"):
                curseur.executemany(ECRIRE, [("a",), ("b",)])
            with pytest.raises(NotSupportedError):
                curseur.copy("COPY socle_battement (nom, instant) FROM STDIN")
        with connection.wrap_database_errors, pytest.raises(Exception, match="read-only"):
            connection.connection.execute(ECRIRE, ["c"])
    assert not Battement.objects.exists()
    with connection.cursor() as curseur:
        curseur.executemany(ECRIRE, [("a",), ("b",)])
    assert Battement.objects.count() == 2


def test_une_connexion_vivante_se_sait_sans_rien_demander_et_une_morte_se_rouvre() -> None:
    connection.ensure_connection()
    pid = connection.connection.info.backend_pid
    with connect(url_administrateur(connection.settings_dict["NAME"]), autocommit=True) as administrateur:
        derniere = "SELECT query_start FROM pg_stat_activity WHERE pid = %s"
        avant = administrateur.execute(derniere, [pid]).fetchone()
        assert connection.is_usable()
        assert administrateur.execute(derniere, [pid]).fetchone() == avant
        administrateur.execute("SELECT pg_terminate_backend(%s)", [pid])
    attente = select.poll()
    attente.register(connection.connection.pgconn.socket, select.POLLIN)
    assert attente.poll(10_000)
    assert not connection.is_usable()

    connection.health_check_enabled = True
    connection.close_if_unusable_or_obsolete()
    assert modes() == ("off", "off")
    assert connection.connection.info.backend_pid != pid
