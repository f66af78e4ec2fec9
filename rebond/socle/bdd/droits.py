"""What the portal's role may do on each table: given by the owner after each migration, whole, and no more.

It is read in the models: where a trigger refuses every UPDATE or DELETE, the right itself is missing, so that getting
round the trigger would not be enough.
"""

from collections import defaultdict
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connections, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder

from rebond.socle.bdd.declencheurs import interdites

TOUS = ("SELECT", "INSERT", "UPDATE", "DELETE")
# Django's own registers, which migrations write.
REGISTRES = ("contenttypes", "auth")

# pgtrigger lets any session set « pgtrigger.ignore », and be obeyed. Here one must also be able to set, as a superuser
# alone is, `session_replication_role`, whose value « local » otherwise changes nothing.
SANS_DEROGATION = """
CREATE OR REPLACE FUNCTION public._pgtrigger_should_ignore(trigger_name NAME) RETURNS BOOLEAN AS $$
    SELECT current_setting('session_replication_role') = 'local'
       AND trigger_name::text = ANY(coalesce(nullif(current_setting('pgtrigger.ignore', true), ''), '{}')::text[])
$$ LANGUAGE sql STABLE
"""
BASE = """
REVOKE ALL ON DATABASE {base} FROM PUBLIC;
GRANT CONNECT ON DATABASE {base} TO {role};
REVOKE ALL ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO {role};
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM PUBLIC, {role};
REVOKE ALL ON ALL SEQUENCES IN SCHEMA public FROM PUBLIC, {role};
GRANT USAGE, SELECT ON ALL SEQUENCES IN SCHEMA public TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT SELECT, INSERT ON TABLES TO {role};
ALTER DEFAULT PRIVILEGES IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO {role};
CREATE SCHEMA IF NOT EXISTS connu;
GRANT USAGE ON SCHEMA connu TO {role};
GRANT SELECT ON ALL TABLES IN SCHEMA connu TO {role};
"""
DES_TABLES = """
SELECT relname FROM pg_class
 WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p', 'v', 'm')
   AND pg_has_role(relowner, 'USAGE')
"""


def droits_par_table() -> dict[str, tuple[str, ...]]:
    """By table of a model, what the portal may do there. Of the columns that the database alone fills, see
    `colonnes_reservees`."""
    droits: dict[str, tuple[str, ...]] = {MigrationRecorder.Migration._meta.db_table: ("SELECT",)}
    for modele in apps.get_models(include_auto_created=True):
        refuses = interdites(modele)
        lue = modele._meta.app_label in REGISTRES
        droits[modele._meta.db_table] = ("SELECT",) if lue else tuple(d for d in TOUS if d not in refuses)
    return droits


def colonnes_reservees() -> dict[str, tuple[str, ...]]:
    """By table, the columns that nobody but the database may give a value to: `colonnes_de_la_base` of its model."""
    return {
        modele._meta.db_table: modele.colonnes_de_la_base
        for modele in apps.get_models()
        if hasattr(modele, "colonnes_de_la_base")
    }


def accorder(connexion: BaseDatabaseWrapper) -> None:
    """As the owner of the tables: give the portal's role its rights, and take all others. Nothing where both are one.

    What no model knows (a view, the table of a model since removed) can be read.
    """
    role = settings.DATABASES[connexion.alias]["USER"]

    def citer(nom: object) -> str:
        return connexion.ops.quote_name(str(nom))

    with transaction.atomic(using=connexion.alias), connexion.cursor() as curseur:
        curseur.execute("SELECT current_user, current_database()")
        proprietaire, base = curseur.fetchone()
        curseur.execute(SANS_DEROGATION)
        if proprietaire == role:
            return
        curseur.execute(BASE.format(base=citer(base), role=citer(role)))
        curseur.execute(DES_TABLES)
        presentes = [ligne[0] for ligne in curseur.fetchall()]
        for droits, tables in _par_droits(presentes).items():
            curseur.execute(f"GRANT {', '.join(droits)} ON {', '.join(map(citer, tables))} TO {citer(role)}")
        for table, reservees in colonnes_reservees().items():
            curseur.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                "AND NOT attisdropped AND attname <> ALL(%s)",
                [table, list(reservees)],
            )
            libres = ", ".join(citer(ligne[0]) for ligne in curseur.fetchall())
            curseur.execute(f"REVOKE INSERT ON {citer(table)} FROM {citer(role)}")
            curseur.execute(f"GRANT INSERT ({libres}) ON {citer(table)} TO {citer(role)}")


def apres_migration(using: str, **_: Any) -> None:
    accorder(connections[using])


def _par_droits(tables: list[str]) -> dict[tuple[str, ...], list[str]]:
    connus = droits_par_table()
    groupes = defaultdict(list)
    for table in sorted(tables):
        groupes[connus.get(table, ("SELECT",))].append(table)
    return groupes
