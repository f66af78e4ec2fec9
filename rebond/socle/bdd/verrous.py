"""Locks that Postgres holds by name: one process at a time, wherever it runs. Whoever dies lets go of them."""

from collections.abc import Iterator
from contextlib import contextmanager
from zlib import crc32

from django.db import connection


def attendre(nom: str) -> None:
    """Take the lock until the end of the transaction, waiting for whoever holds it."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock(%s)", [cle(nom)])


def partager(nom: str) -> None:
    """Hold the lock together with whoever shares it, until the end of the transaction; wait for who holds it alone."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_xact_lock_shared(%s)", [cle(nom)])


def prendre(nom: str) -> bool:
    """Take the lock until the end of the transaction, unless somebody holds it; whether it was taken."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_xact_lock(%s)", [cle(nom)])
        pris: bool = curseur.fetchone()[0]
    return pris


@contextmanager
def chacun_son_tour(nom: str) -> Iterator[None]:
    """Hold the lock over several transactions, once whoever holds it is done."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_advisory_lock(%s)", [cle(nom)])
    try:
        yield
    finally:
        with connection.cursor() as curseur:
            curseur.execute("SELECT pg_advisory_unlock(%s)", [cle(nom)])


@contextmanager
def exclusif(nom: str) -> Iterator[bool]:
    """Hold the lock over several transactions; False, without waiting, when somebody holds it."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_try_advisory_lock(%s)", [cle(nom)])
        pris: bool = curseur.fetchone()[0]
    try:
        yield pris
    finally:
        if pris:
            with connection.cursor() as curseur:
                curseur.execute("SELECT pg_advisory_unlock(%s)", [cle(nom)])


def cle(nom: str) -> int:
    """By which Postgres knows it, for triggers that take it too."""
    return crc32(nom.encode())
