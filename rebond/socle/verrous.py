"""Locks that Postgres holds by name, until the end of the transaction: one worker at a time, wherever it runs."""

from zlib import crc32

from django.db import connection


def attendre(nom: str) -> None:
    """Take the lock, waiting for whoever holds it. Call it inside a transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [_cle(nom)])


def prendre(nom: str) -> bool:
    """Take the lock unless somebody holds it; whether it was taken. Call it inside a transaction."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s)", [_cle(nom)])
        pris: bool = curseur.fetchone()[0]
    return pris


def _cle(nom: str) -> int:
    return crc32(nom.encode())
