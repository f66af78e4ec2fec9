"""Whether a database is that of a demonstration: it says so itself, since settings may lie."""

from django.db import DatabaseError, connection

from rebond.demo.models import BaseDeDemonstration


def marquer() -> None:
    """To be called in the transaction that loads the demonstration; once more changes nothing."""
    BaseDeDemonstration.objects.get_or_create(seule=True)


def base_reelle() -> str | None:
    """The requirement of production (`rebond.exigences`).

    A database out of reach, or not yet migrated, tells nothing: nothing is served from it either, and a web process
    that starts again during an outage must not bring the others down.
    """
    try:
        with connection.cursor() as curseur:
            curseur.execute("SELECT to_regclass(%s) IS NOT NULL", [BaseDeDemonstration._meta.db_table])
            marquee = curseur.fetchone()[0] and BaseDeDemonstration.objects.exists()
    except DatabaseError:
        return None
    finally:
        if not connection.in_atomic_block:
            connection.close()
    if not marquee:
        return None
    return (
        "DATABASE_URL désigne une base où la démonstration a été chargée\u00a0: ses comptes ont un mot de passe "
        "public. Faites une base neuve."
    )
