"""The two roles of the portal, made in a database by its administrator (`roles.sql`, run by Docker Compose too)."""

from pathlib import Path

PROPRIETAIRE, APPLICATION = "rebond_proprietaire", "rebond_application"
ROLES = Path(__file__).with_name("roles.sql")


def preparer(url: str, *, proprietaire: str, application: str) -> None:
    """Make both roles with these passwords, and give them the database of `url`, whose user is a superuser.

    Done again, it changes nothing but the passwords. What the database held changes hands, and is not rewritten.
    Raises psycopg.Error.
    """
    import psycopg  # late: bootstrap

    with psycopg.connect(url, connect_timeout=30) as connexion:
        connexion.execute("SELECT set_config('rebond.mot_de_passe_proprietaire', %s, true)", [proprietaire])
        connexion.execute("SELECT set_config('rebond.mot_de_passe_application', %s, true)", [application])
        connexion.execute(ROLES.read_bytes())
