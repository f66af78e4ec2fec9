"""What the portal's role of PostgreSQL may do, tried: every way round the triggers is refused, on every table."""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import psycopg
import pytest
from django.apps import apps
from django.core.management import CommandError, call_command
from django.db import connection
from django.db.backends.postgresql.base import DatabaseWrapper
from psycopg.errors import InsufficientPrivilege, RaiseException, UndefinedObject

from rebond.embarque.roles import APPLICATION, PROPRIETAIRE
from rebond.environnement import Environnement, ReglageInvalide
from rebond.socle.bdd.declencheurs import interdites
from rebond.socle.bdd.droits import accorder, droits_par_table
from rebond.socle.bdd.roles import (
    POUVOIRS,
    en_proprietaire,
    exiger_au_demarrage,
    exiger_un_role_sans_pouvoir,
    pouvoirs,
)
from tests.outils.roles import ADMINISTRATEUR

# On every table of the database.
SUR_UNE_TABLE = (
    "TRUNCATE {table} CASCADE",
    "ALTER TABLE {table} DISABLE TRIGGER USER",
    "ALTER TABLE {table} DISABLE TRIGGER ALL",
    "ALTER TABLE {table} ADD COLUMN de_plus int",
    "ALTER TABLE {table} OWNER TO CURRENT_USER",
    "ALTER TABLE {table} RENAME TO ailleurs",
    "CREATE TRIGGER de_plus BEFORE INSERT ON {table} EXECUTE FUNCTION suppress_redundant_updates_trigger()",
    "CREATE RULE de_plus AS ON INSERT TO {table} DO INSTEAD NOTHING",
    "CREATE INDEX de_plus ON {table} ((1))",
    "DROP TABLE {table} CASCADE",
    "COPY {table} TO PROGRAM 'true'",
    "COPY {table} FROM PROGRAM 'true'",
    "COPY {table} TO '/tmp/rebond-essai'",
)
# Postgres says that it may not be done, and goes on without doing it.
SANS_EFFET = ("GRANT ALL ON {table} TO CURRENT_USER", "VACUUM FULL {table}", "CLUSTER {table}")
AILLEURS = (
    "SET session_replication_role = replica",
    "SET session_replication_role = local",
    "SELECT set_config('session_replication_role', 'replica', false)",
    "ALTER ROLE CURRENT_USER SET session_replication_role = replica",
    "SET ROLE rebond_proprietaire",
    "SET ROLE rebond",
    "SET SESSION AUTHORIZATION rebond_proprietaire",
    *(f"ALTER ROLE CURRENT_USER {pouvoir}" for pouvoir in ("SUPERUSER", "CREATEDB", "CREATEROLE", "REPLICATION")),
    "ALTER ROLE CURRENT_USER BYPASSRLS",
    "ALTER ROLE rebond_proprietaire PASSWORD 'x'",
    "GRANT rebond_proprietaire TO CURRENT_USER",
    "GRANT pg_execute_server_program TO CURRENT_USER",
    "CREATE ROLE un_de_plus",
    "CREATE DATABASE une_de_plus",
    "CREATE SCHEMA un_de_plus",
    "CREATE TABLE public.une_de_plus (n int)",
    "CREATE TEMPORARY TABLE socle_utilisateur (n int)",
    "CREATE VIEW public.une_de_plus AS SELECT 1",
    "CREATE FUNCTION public.une_de_plus() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE FUNCTION pg_temp.une_de_plus() RETURNS int LANGUAGE sql AS 'SELECT 1'",
    "CREATE OR REPLACE FUNCTION _pgtrigger_should_ignore(nom name) RETURNS boolean LANGUAGE sql AS 'SELECT true'",
    "DROP FUNCTION public._pgtrigger_should_ignore CASCADE",
    "DO $$ BEGIN PERFORM 1; END $$",
    "CREATE EXTENSION dblink",
    "CREATE EXTENSION citext",
    "CREATE EVENT TRIGGER un_de_plus ON ddl_command_start EXECUTE FUNCTION pg_event_trigger_ddl_commands()",
    "CREATE PUBLICATION une_de_plus FOR ALL TABLES",
    "COPY (SELECT 1) TO PROGRAM 'true'",
    "COPY (SELECT 1) TO '/tmp/rebond-essai'",
    "SELECT pg_read_file('PG_VERSION')",
    "SELECT pg_ls_dir('.')",
    "SELECT pg_reload_conf()",
    "ALTER SYSTEM SET session_replication_role = replica",
    "SELECT lo_import('/etc/passwd')",
    "SELECT lo_export(1, '/tmp/rebond-essai')",
    "SELECT lo_create(0)",
    "SELECT lo_creat(-1)",
    "SELECT lo_from_bytea(0, 'x')",
    "SELECT setval('socle_entreejournal_id_seq', 1)",
    "ALTER SEQUENCE socle_entreejournal_id_seq RESTART",
    "INSERT INTO django_migrations (app, name, applied) VALUES ('socle', '9999', now())",
    "DELETE FROM django_migrations",
    "UPDATE django_content_type SET model = 'autre'",
    "UPDATE pg_trigger SET tgenabled = 'D'",
    "DELETE FROM pg_trigger",
)
GARDES = """
SELECT c.relname, array_agg(DISTINCT operation)
  FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_proc p ON p.oid = t.tgfoid,
       (VALUES (8, 'DELETE'), (16, 'UPDATE')) AS o(bit, operation)
 WHERE starts_with(t.tgname, 'pgtrigger_') AND t.tgqual IS NULL AND t.tgenabled = 'O' AND t.tgtype & 3 = 3
   AND p.prosrc LIKE '%pgtrigger: Cannot %' AND t.tgtype & o.bit = o.bit
 GROUP BY c.relname
"""
VIDABLES = """
SELECT c.relname FROM pg_class c
 WHERE c.relnamespace = 'public'::regnamespace AND c.relkind = 'r'
   AND EXISTS (SELECT FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid
                WHERE t.tgrelid = c.oid AND p.prosrc LIKE '%pgtrigger: Cannot%')
   AND NOT EXISTS (SELECT FROM pg_trigger t WHERE t.tgrelid = c.oid AND t.tgtype & 32 = 32 AND t.tgenabled = 'O')
"""


@pytest.fixture(scope="module")
def base(django_db_setup: None, django_db_blocker: Any) -> str:
    with django_db_blocker.unblock():
        return str(connection.settings_dict["NAME"])


@contextmanager
def entrer(nom: str, base: str) -> Iterator[psycopg.Connection]:
    """Sign in for good, as the role of this address, to `base`; nothing that is done is kept."""
    adresse = os.environ[nom].rpartition("/")[0]
    with psycopg.connect(f"{adresse}/{base}", autocommit=True) as connexion:
        connexion.execute("SET lock_timeout = '10s'")
        yield connexion


@pytest.fixture
def portail(base: str) -> Iterator[psycopg.Connection]:
    with entrer("DATABASE_URL", base) as connexion:
        assert connexion.execute("SELECT session_user, current_user").fetchone() == (APPLICATION, APPLICATION)
        yield connexion


def tables(connexion: psycopg.Connection) -> list[str]:
    return [
        ligne[0]
        for ligne in connexion.execute(
            "SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p')"
        )
    ]


def test_les_essais_parlent_a_la_base_comme_le_portail(db: None) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT session_user, current_user")
        assert curseur.fetchone() == (APPLICATION, APPLICATION)
    assert pouvoirs(connection) == []


@pytest.mark.parametrize("attaque", SUR_UNE_TABLE)
def test_sur_aucune_table_le_portail_ne_contourne_ses_declencheurs(portail: Any, attaque: str) -> None:
    toutes = tables(portail)
    assert len(toutes) > 60
    passees = []
    for table in toutes:
        try:
            portail.execute(attaque.format(table=table))
        except InsufficientPrivilege:
            continue
        passees.append(table)
    assert passees == []


@pytest.mark.parametrize("attaque", SANS_EFFET)
def test_ce_que_postgres_ne_refuse_pas_tout_haut_reste_sans_effet(portail: Any, attaque: str) -> None:
    etat = (
        "SELECT relname, relfilenode, relacl::text FROM pg_class"
        " WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    avant = portail.execute(etat).fetchall()
    for table in tables(portail):
        with suppress(InsufficientPrivilege, UndefinedObject):
            portail.execute(attaque.format(table=table))
    assert portail.execute(etat).fetchall() == avant


@pytest.mark.parametrize("attaque", AILLEURS)
def test_le_portail_n_a_aucun_autre_pouvoir(portail: Any, attaque: str) -> None:
    with pytest.raises(InsufficientPrivilege):
        portail.execute(attaque)


def test_ce_qui_est_immuable_ne_se_change_ni_ne_s_efface(portail: Any) -> None:
    """Of every table whose rows a trigger keeps, the right itself is missing: made tomorrow, it is tried here."""
    essais = [
        (table, operation, ordre)
        for modele in apps.get_models()
        for operation in interdites(modele)
        for table in [modele._meta.db_table]
        for ordre in (
            f"UPDATE {table} SET {modele._meta.pk.column} = {modele._meta.pk.column}"
            if operation == "UPDATE"
            else f"DELETE FROM {table}",
        )
    ]
    assert len(essais) > 40
    for table, _, ordre in essais:
        with pytest.raises(InsufficientPrivilege, match=f"permission denied for table {table}"):
            portail.execute(ordre)


def test_ce_que_disent_les_modeles_est_ce_que_la_base_garde(portail: Any) -> None:
    de_la_base = {table: set(operations) for table, operations in portail.execute(GARDES)}
    des_modeles = {m._meta.db_table: interdites(m) for m in apps.get_models() if interdites(m)}
    assert de_la_base == des_modeles


def test_le_portail_a_exactement_ses_droits(portail: Any) -> None:
    droits = droits_par_table()
    possibles = ("SELECT", "INSERT", "UPDATE", "DELETE", "TRUNCATE", "REFERENCES", "TRIGGER", "MAINTAIN")
    for table in tables(portail):
        (tenus,) = portail.execute(
            "SELECT array_agg(d) FROM unnest(%s::text[]) d WHERE has_table_privilege(%s, d) "
            "OR (d = 'INSERT' AND has_any_column_privilege(%s, d))",
            [list(possibles), table, table],
        ).fetchone()
        assert tuple(tenus) == droits[table], table


def test_le_proprietaire_lui_meme_ne_vide_pas_une_table_gardee(base: str) -> None:
    with entrer("REBOND_BASE_PROPRIETAIRE", base) as proprietaire:
        gardees = {
            modele._meta.db_table
            for modele in apps.get_models()
            if any(d.name == "jamais_videe" for d in getattr(modele._meta, "triggers", ()))
        }
        assert {modele._meta.db_table for modele in apps.get_models() if interdites(modele)} <= gardees
        for table in sorted(gardees):
            with pytest.raises(RaiseException, match=f"Cannot truncate {table} table"):
                proprietaire.execute(f"TRUNCATE {table} CASCADE")
        assert proprietaire.execute(VIDABLES).fetchall() == []


def test_une_table_a_venir_ne_se_change_pas_tant_que_rien_ne_l_a_permis(base: str, portail: Any) -> None:
    with entrer("REBOND_BASE_PROPRIETAIRE", base) as proprietaire:
        proprietaire.execute("CREATE TABLE a_venir (n int GENERATED BY DEFAULT AS IDENTITY)")
        try:
            portail.execute("INSERT INTO a_venir DEFAULT VALUES")
            assert portail.execute("SELECT n FROM a_venir").fetchall() == [(1,)]
            for ordre in ("UPDATE a_venir SET n = 2", "DELETE FROM a_venir", "TRUNCATE a_venir"):
                with pytest.raises(InsufficientPrivilege):
                    portail.execute(ordre)
        finally:
            proprietaire.execute("DROP TABLE a_venir")


def test_le_portail_ne_se_dispense_pas_d_un_declencheur(portail: Any) -> None:
    portail.execute("SET pgtrigger.ignore = '{un_declencheur}'")
    assert portail.execute("SELECT _pgtrigger_should_ignore('un_declencheur')").fetchone() == (False,)


def test_qui_administre_la_base_le_peut_sans_quoi_l_essai_ci_dessus_ne_dirait_rien(base: str) -> None:
    with entrer(ADMINISTRATEUR, base) as administrateur:
        administrateur.execute("SET pgtrigger.ignore = '{un_declencheur}'")
        administrateur.execute("SET session_replication_role = local")
        assert administrateur.execute("SELECT _pgtrigger_should_ignore('un_declencheur')").fetchone() == (True,)


def test_une_seule_fonction_agit_au_nom_du_proprietaire(portail: Any) -> None:
    trouvees = portail.execute(
        "SELECT oid::regprocedure::text, proconfig FROM pg_proc"
        " WHERE prosecdef AND pronamespace = 'public'::regnamespace"
    ).fetchall()
    assert trouvees == [("territoires_ranger_la_recherche()", ["search_path=pg_catalog"])]


def test_accorder_a_nouveau_ne_change_rien(base: str, portail: Any, django_db_blocker: Any) -> None:
    acl = (
        "SELECT relname, relacl::text, (SELECT array_agg(attacl::text) FROM pg_attribute WHERE attrelid = c.oid)"
        " FROM pg_class c WHERE relnamespace = 'public'::regnamespace ORDER BY relname"
    )
    avant = portail.execute(acl).fetchall()
    with django_db_blocker.unblock(), en_proprietaire(connection):
        accorder(connection)
    assert portail.execute(acl).fetchall() == avant


class TestProduction:
    """An `https:` address is a portal that people use."""

    @pytest.fixture(autouse=True)
    def _publique(self, settings: Any, base: str, django_db_blocker: Any) -> Iterator[None]:
        settings.EN_PRODUCTION = True
        with django_db_blocker.unblock():
            yield

    def connexion(self, nom: str, base: str) -> DatabaseWrapper:
        adresse = Environnement({"A": os.environ[nom]}).base_postgres("A")
        return DatabaseWrapper(connection.settings_dict | adresse | {"NAME": base}, alias="default")

    def test_le_role_du_portail_est_recu(self, base: str) -> None:
        connexion = self.connexion("DATABASE_URL", base)
        connexion.ensure_connection()
        connexion.close()

    @pytest.mark.parametrize(
        ("nom", "raison"),
        [
            (ADMINISTRATEUR, "est superutilisateur"),
            ("REBOND_BASE_PROPRIETAIRE", "possède des tables, ou peut devenir qui les possède"),
        ],
    )
    def test_un_role_plus_puissant_est_refuse(self, base: str, settings: Any, nom: str, raison: str) -> None:
        settings.BASE_PROPRIETAIRE = None
        connexion = self.connexion(nom, base)
        with pytest.raises(ReglageInvalide, match=f"il {raison}") as refus:
            connexion.ensure_connection()
        assert "Indiquez par DATABASE_URL un rôle qui ne peut rien de cela" in str(refus.value)
        # Nothing is left open for the next one to use.
        assert connexion.connection is None

    def test_une_base_qui_ne_repond_pas_encore_n_empeche_pas_de_demarrer(self) -> None:
        d_avant = connection.settings_dict
        connection.close()
        connection.settings_dict = d_avant | {"PORT": "9"}
        try:
            exiger_au_demarrage()
        finally:
            connection.settings_dict = d_avant

    def test_chaque_pouvoir_a_ses_mots(self, base: str, settings: Any) -> None:
        settings.EN_PRODUCTION = False
        connexion = self.connexion(ADMINISTRATEUR, base)
        assert pouvoirs(connexion) == list(POUVOIRS)
        exiger_un_role_sans_pouvoir(connexion)
        connexion.close()

    def test_le_proprietaire_migre(self) -> None:
        call_command("migrate", verbosity=0)
        with connection.cursor() as curseur:
            curseur.execute("SELECT session_user")
            assert curseur.fetchone() == (APPLICATION,)

    def test_le_portail_seul_ne_migre_pas(self, settings: Any) -> None:
        settings.BASE_PROPRIETAIRE = None
        with pytest.raises(CommandError, match="indiquez par REBOND_BASE_PROPRIETAIRE"):
            call_command("migrate", verbosity=0)


def test_les_tables_sont_au_proprietaire(portail: Any) -> None:
    proprietaires = portail.execute(
        "SELECT DISTINCT relowner::regrole::text FROM pg_class WHERE relnamespace = 'public'::regnamespace"
    ).fetchall()
    assert proprietaires == [(PROPRIETAIRE,)]
