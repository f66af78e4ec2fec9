"""Reading the version of what anyone may read, and the database's clock, in one statement."""

from dataclasses import dataclass
from datetime import datetime

from django.db import DatabaseError, connection

# In the order in which they are found: rows that nothing touched keep it, and another one is another version.
VERSION = "SELECT coalesce(array_agg(id)::text, ''), clock_timestamp() FROM socle_parution"


@dataclass(frozen=True, slots=True)
class Version:
    """What public pages could say at `instant`, on the database's clock."""

    cle: str
    instant: datetime


def version_parue() -> Version:
    """Raises `DatabaseError` when the database is out of reach."""
    if connection.connection is None or connection.in_atomic_block:
        return _lue()
    # Django would first ask an open connection whether it answers: this statement is that question.
    connection.health_check_done = True  # type: ignore[attr-defined]
    try:
        return _lue()
    except DatabaseError:
        connection.close()
        return _lue()


def _lue() -> Version:
    with connection.cursor() as curseur:
        curseur.execute(VERSION)
        cle, instant = curseur.fetchone()
    return Version(cle, instant)
