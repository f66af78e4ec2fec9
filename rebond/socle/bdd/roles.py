"""Two roles of PostgreSQL: the one that owns the tables and migrates, the one that the portal signs in as.

The second can neither change what the database is made of nor get round what its triggers hold. In production (an
`https:` address) a portal that signs in as anything more does not serve.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.conf import settings
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver

from rebond.environnement import ReglageInvalide

ROLE = ("USER", "PASSWORD", "HOST", "PORT")
# What would let a role get round the rights and the triggers, worded to follow « il ».
POUVOIRS = {
    "est superutilisateur": "rolsuper",
    "passe outre la sécurité par ligne": "rolbypassrls",
    "peut créer des rôles": "rolcreaterole",
    "peut créer des bases": "rolcreatedb",
    "peut répliquer": "rolreplication",
    "possède des tables, ou peut devenir qui les possède": """EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_has_role(relowner, 'MEMBER'))""",
    "peut créer dans la base": """has_database_privilege(current_database(), 'CREATE')
        OR has_database_privilege(current_database(), 'TEMP') OR has_schema_privilege('public', 'CREATE')""",
    "peut lancer des programmes ou lire les fichiers du serveur": """pg_has_role('pg_execute_server_program', 'MEMBER')
        OR pg_has_role('pg_read_server_files', 'MEMBER') OR pg_has_role('pg_write_server_files', 'MEMBER')""",
    "peut se défaire des déclencheurs": "has_parameter_privilege('session_replication_role', 'SET')",
}


@contextmanager
def en_proprietaire(connexion: BaseDatabaseWrapper) -> Iterator[None]:
    """Meanwhile `connexion`, which is closed and opened again, is the owner's; unchanged where no owner is named."""
    proprietaire = settings.BASE_PROPRIETAIRE
    if proprietaire is None:
        yield
        return
    d_avant = connexion.settings_dict
    connexion.close()
    connexion.settings_dict = d_avant | {cle: proprietaire[cle] for cle in ROLE}
    try:
        yield
    finally:
        connexion.close()
        connexion.settings_dict = d_avant


def peut_migrer(connexion: BaseDatabaseWrapper) -> bool:
    with connexion.cursor() as curseur:
        curseur.execute("SELECT has_schema_privilege('public', 'CREATE')")
        peut: bool = curseur.fetchone()[0]
    return peut


def pouvoirs(connexion: BaseDatabaseWrapper) -> list[str]:
    """What the role of `connexion` may do and the portal's must not; empty when it is as it should be."""
    with connexion.cursor() as curseur:
        curseur.execute(f"SELECT {', '.join(POUVOIRS.values())} FROM pg_roles WHERE rolname = session_user")  # noqa: S608
        reponses = curseur.fetchone()
    return [mots for mots, vrai in zip(POUVOIRS, reponses, strict=True) if vrai]


def exiger_un_role_sans_pouvoir(connexion: BaseDatabaseWrapper) -> None:
    """In production, raise ReglageInvalide when the role of `connexion` may do more than the portal's should."""
    if not settings.EN_PRODUCTION:
        return
    trop = pouvoirs(connexion)
    if trop:
        raise ReglageInvalide(
            f"Le rôle de la base « {connexion.settings_dict['USER']} » peut trop pour un portail en production : "
            f"il {' ; il '.join(trop)}. Indiquez par DATABASE_URL un rôle qui ne peut rien de cela, et par "
            "REBOND_BASE_PROPRIETAIRE, pour la seule commande migrate, celui qui possède les tables."
        )


def exiger_au_demarrage() -> None:
    """Before serving. A server that does not answer yet is judged later, when it first does."""
    from django.db import connection  # late: apps

    try:
        connection.ensure_connection()
    except OperationalError:
        return
    finally:
        connection.close()


@receiver(connection_created, dispatch_uid="rebond.roles")
def _juger(connection: BaseDatabaseWrapper, **_: Any) -> None:
    """Whatever connects: a page, a task, a command. The owner, who migrates, is known by its own address."""
    proprietaire = settings.BASE_PROPRIETAIRE
    if proprietaire is not None and connection.settings_dict["USER"] == proprietaire["USER"]:
        return
    try:
        exiger_un_role_sans_pouvoir(connection)
    except ReglageInvalide:
        connection.close()
        raise
