"""Reading, and nothing else: PostgreSQL itself refuses every write, by whatever statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import OperationalError, connection
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.dispatch import receiver
from psycopg import Error
from psycopg.pq import TransactionStatus

LIRE = "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"
ECRIRE = "SET SESSION CHARACTERISTICS AS TRANSACTION READ WRITE"
# Inside a transaction a subtransaction alone can be given back its right to write (PostgreSQL, CommitSubTransaction).
LIRE_DANS_UNE_TRANSACTION = "SAVEPOINT lecture; SET LOCAL transaction_read_only = on"
RENDRE = "RELEASE SAVEPOINT lecture"
DEFAIRE = f"ROLLBACK TO SAVEPOINT lecture; {RENDRE}"


@contextmanager
def en_lecture() -> Iterator[None]:
    """Meanwhile each transaction of this thread is read-only: a write raises (SQLSTATE 25006), and nothing is kept.

    No transaction is held open for it, no connection is opened, and one that is lost and opened again is read-only
    too. Inside a transaction (tests) it is a savepoint.
    """
    if connection.in_atomic_block:
        with _dans_une_transaction():
            yield
        return
    connection.lecture = True  # type: ignore[attr-defined]
    _dire(LIRE)
    try:
        yield
    finally:
        connection.lecture = False  # type: ignore[attr-defined]
        _dire(ECRIRE)


def morceaux_en_lecture(morceaux: Iterator[Any]) -> Iterator[Any]:
    """What a response sends bit by bit, each read `en_lecture`: nothing is held while a slow visitor receives it."""
    while True:
        with en_lecture():
            morceau = next(morceaux, FIN)
        if morceau is FIN:
            return
        yield morceau


FIN = object()


@receiver(connection_created, dispatch_uid="rebond.lecture")
def _rouverte(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if getattr(connection, "lecture", False):
        connection.connection.execute(LIRE)


def _dire(ordre: str) -> None:
    """Beside Django, to the connection that is open, if one is; one that was lost is closed, to be opened again."""
    if connection.connection is None:
        return
    try:
        connection.connection.execute(ordre)
    except (Error, OperationalError):
        connection.close()


@contextmanager
def _dans_une_transaction() -> Iterator[None]:
    connection.ensure_connection()
    brute = connection.connection
    brute.execute(LIRE_DANS_UNE_TRANSACTION)
    try:
        yield
    finally:
        rompue = brute.info.transaction_status == TransactionStatus.INERROR
        brute.execute(DEFAIRE if rompue else RENDRE)
