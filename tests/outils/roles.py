"""Three roles of PostgreSQL in the tests: what is tested signs in as the portal, as in production.

Migrations run as the owner. Test databases are made, emptied and dropped by the administrator of the server; whatever
a test does that nobody may do to the portal's data (a trigger less, a table altered) goes through `administrer`, which
test databases alone have.
"""

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import psycopg

from rebond.embarque.roles import APPLICATION, PROPRIETAIRE, preparer

ADMINISTRATEUR = "REBOND_BASE_ADMINISTRATEUR"
ADRESSES = ("DATABASE_URL", "REBOND_BASE_PROPRIETAIRE", ADMINISTRATEUR, "REDIS_URL")
# The tests' own door, in the databases of tests alone.
PORTE = """
CREATE SCHEMA essais;
GRANT USAGE ON SCHEMA essais TO rebond_application;
CREATE FUNCTION essais.administrer(requete text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER AS
$$ BEGIN EXECUTE requete; END $$;
CREATE FUNCTION essais.vider(sauf text[]) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
   SET session_replication_role = replica AS $$
DECLARE
    tables text[]; ecrites text[]; octets bigint;
BEGIN
    SELECT array_agg(oid::regclass::text), array_agg(oid::regclass::text) FILTER (WHERE taille > 0), sum(taille)
      INTO tables, ecrites, octets
      FROM (SELECT oid, pg_relation_size(oid) AS taille FROM pg_class
             WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> ALL (sauf)) AS t;
    IF octets > 4194304 THEN
        EXECUTE 'TRUNCATE ' || array_to_string(tables, ', ');
    ELSIF ecrites IS NOT NULL THEN
        EXECUTE 'DELETE FROM ' || array_to_string(ecrites, '; DELETE FROM ');
    END IF;
END $$;
"""
# What migrations and their signals wrote: as it is in a new database.
DE_NAISSANCE = ("django_migrations", "django_content_type", "auth_permission")


def separer() -> None:
    """Of a server given by DATABASE_URL alone, whose role is then its administrator, make the three addresses."""
    administrateur = os.environ["DATABASE_URL"]
    if os.environ.get(ADMINISTRATEUR):
        return
    secret = secrets.token_urlsafe(24)
    preparer(administrateur, proprietaire=secret, application=secret)
    lue = urlsplit(administrateur)

    def adresse(role: str) -> str:
        return lue._replace(netloc=f"{role}:{secret}@{lue.hostname}:{lue.port or 5432}").geturl()

    os.environ |= {
        "DATABASE_URL": adresse(APPLICATION),
        "REBOND_BASE_PROPRIETAIRE": adresse(PROPRIETAIRE),
        ADMINISTRATEUR: administrateur,
    }


def url_administrateur(base: str) -> str:
    return urlsplit(os.environ[ADMINISTRATEUR])._replace(path=f"/{quote(base)}").geturl()


def confier(base: str) -> None:
    """Give `base` to the owner, as the set-up does."""
    mots_de_passe = {
        role: unquote(urlsplit(os.environ[nom]).password or "")
        for role, nom in (("proprietaire", "REBOND_BASE_PROPRIETAIRE"), ("application", "DATABASE_URL"))
    }
    preparer(url_administrateur(base), **mots_de_passe)


def ouvrir_la_porte(base: str) -> None:
    with psycopg.connect(url_administrateur(base)) as connexion:
        connexion.execute(PORTE)


def employer_les_roles() -> None:
    """Teach Django's tests who makes a database and who empties it. Once, when Django is set up."""
    from django.db.backends.postgresql.base import DatabaseWrapper
    from django.db.backends.postgresql.creation import DatabaseCreation
    from django.test import TransactionTestCase

    suffixe = DatabaseCreation.sql_table_creation_suffix

    def avec_proprietaire(creation: Any) -> str:
        return f'{suffixe(creation)} OWNER "{PROPRIETAIRE}"'

    DatabaseWrapper._nodb_cursor = _curseur_administrateur  # type: ignore[method-assign]
    DatabaseCreation.sql_table_creation_suffix = avec_proprietaire  # type: ignore[method-assign]
    TransactionTestCase._fixture_teardown = _vider  # type: ignore[method-assign]


@contextmanager
def _curseur_administrateur(connexion: Any) -> Iterator[Any]:
    """Django's own, on the database « postgres » of its server."""
    reglages = connexion.settings_dict | _identite(url_administrateur("postgres")) | {"NAME": "postgres"}
    administrateur = connexion.__class__(reglages, alias=connexion.alias)
    try:
        with administrateur.cursor() as curseur:
            yield curseur
    finally:
        administrateur.close()


def _identite(url: str) -> dict[str, str]:
    lue = urlsplit(url)
    return {"USER": lue.username or "", "PASSWORD": unquote(lue.password or "")}


def _vider(_: Any) -> None:
    """What `flush` would do, but that triggers refuse it to everyone: rows of a new database stay.

    TRUNCATE makes every file of every table anew, a third of a second; a test writes a few rows of a few tables.
    """
    from django.db import connection

    connection.close()
    with connection.cursor() as curseur:
        curseur.execute("SELECT essais.vider(%s)", [list(DE_NAISSANCE)])


@contextmanager
def en_administrateur() -> Iterator[None]:
    """Meanwhile Django's connection is the administrator's: for what prepares a trial, outside pytest."""
    from django.db import connection

    d_avant = connection.settings_dict
    connection.close()
    connection.settings_dict = d_avant | _identite(url_administrateur(d_avant["NAME"]))
    try:
        yield
    finally:
        connection.close()
        connection.settings_dict = d_avant


def administrer(*requetes: str) -> None:
    """Run these as the administrator, in the transaction under way if there is one."""
    from django.db import connection

    with connection.cursor() as curseur:
        for requete in requetes:
            curseur.execute("SELECT essais.administrer(%s)", [requete])


@contextmanager
def sans_declencheurs() -> Iterator[None]:
    """Meanwhile neither trigger nor foreign key: what someone with the whole database in hand could write."""
    administrer("SET CONSTRAINTS ALL IMMEDIATE")
    with _replication("replica"):
        yield
    administrer("SET CONSTRAINTS ALL DEFERRED")


@contextmanager
def ignorer(*adresses: str) -> Iterator[None]:
    """`pgtrigger.ignore`, which the portal's role may say but is not heard."""
    import pgtrigger

    with _replication("local"), pgtrigger.ignore(*adresses):
        yield


@contextmanager
def _replication(role: str) -> Iterator[None]:
    from django.db import connection

    with connection.cursor() as curseur:
        curseur.execute("SHOW session_replication_role")
        d_avant = curseur.fetchone()[0]
    administrer(f"SET session_replication_role = {role}")
    try:
        yield
    finally:
        # What has failed will be undone, and this with it.
        if not connection.needs_rollback:
            administrer(f"SET session_replication_role = {d_avant}")
