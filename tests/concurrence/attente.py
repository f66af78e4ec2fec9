"""Waiting for an event instead of sleeping for a while."""

import time
from collections.abc import Callable

from django.db import connection

DELAI = 30.0
# People, or workers, acting at the same instant.
ENSEMBLE = 10


def attendre(condition: Callable[[], object], delai: float = DELAI) -> None:
    """Return as soon as `condition()` holds; fail after `delai` seconds."""
    limite = time.monotonic() + delai
    while not condition():
        if time.monotonic() > limite:
            raise AssertionError(f"Rien n’est venu en {delai} s.")
        time.sleep(0.02)


def attend_un_verrou(processus: str = "", genre: str = "") -> bool:
    """Whether another connection of this database waits for a lock; `processus` is its application_name."""
    with connection.cursor() as curseur:
        # Within a transaction Postgres would answer from its first look.
        curseur.execute("SELECT pg_stat_clear_snapshot()")
        curseur.execute(
            """
            SELECT EXISTS (SELECT 1 FROM pg_stat_activity
             WHERE datname = current_database() AND pid <> pg_backend_pid() AND wait_event_type = 'Lock'
               AND (%s = '' OR application_name = %s) AND (%s = '' OR wait_event = %s))
            """,
            [processus, processus, genre, genre],
        )
        return curseur.fetchone()[0]
