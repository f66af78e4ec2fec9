"""The schema in which every followed table is what was known of it at an instant: made after migrations, never one."""

from typing import Any

from django.db.backends.base.base import BaseDatabaseWrapper

from rebond.socle.faits.suivre import SUIVIES

SCHEMA = "connu"
#: The setting that says which instant, to the end of the transaction.
INSTANT = "rebond.connu_le"
VUE = """
CREATE OR REPLACE VIEW {schema}.{table} AS
SELECT lue.*
  FROM (SELECT DISTINCT ON (cle) ligne FROM public.socle_fait
         WHERE nom = '{table}' AND saisi_le <= current_setting('{instant}')::timestamptz
         ORDER BY cle, saisi_le DESC, id DESC) dernier,
       LATERAL jsonb_populate_record(NULL::public.{table}, dernier.ligne) lue
 WHERE dernier.ligne IS NOT NULL
"""


def oter(connexion: BaseDatabaseWrapper) -> None:
    """Before tables change: a view would keep a column from doing so."""
    with connexion.cursor() as curseur:
        curseur.execute(f"DROP SCHEMA IF EXISTS {SCHEMA} CASCADE")


def faire(connexion: BaseDatabaseWrapper) -> None:
    """Those that are missing, among the tables that are there."""
    with connexion.cursor() as curseur:
        curseur.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = {nom for (nom,) in curseur.fetchall()}
        curseur.execute("SELECT viewname FROM pg_views WHERE schemaname = %s", [SCHEMA])
        manquantes = (SUIVIES.keys() & tables) - {nom for (nom,) in curseur.fetchall()}
        curseur.execute(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}")
        for table in sorted(manquantes):
            curseur.execute(VUE.format(schema=SCHEMA, table=table, instant=INSTANT))


def avant_les_migrations(using: str, plan: Any = (), **_: Any) -> None:
    from django.db import connections  # late: apps

    if plan:
        oter(connections[using])


def apres_les_migrations(using: str, **_: Any) -> None:
    from django.db import connections  # late: apps

    faire(connections[using])
