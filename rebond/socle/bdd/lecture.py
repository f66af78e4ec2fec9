"""Reading, and nothing else: PostgreSQL itself refuses every write, by whatever statement."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import connection
from psycopg.pq import TransactionStatus

# Inside a transaction a subtransaction alone can be given back its right to write (PostgreSQL, CommitSubTransaction).
LIRE_DANS_UNE_TRANSACTION = "SAVEPOINT lecture; SET LOCAL transaction_read_only = on"
RENDRE = "RELEASE SAVEPOINT lecture"
DEFAIRE = f"ROLLBACK TO SAVEPOINT lecture; {RENDRE}"


@contextmanager
def en_lecture() -> Iterator[None]:
    """Meanwhile each transaction of this thread is read-only: a write raises (SQLSTATE 25006), and nothing is kept.

    It is said within each of them (`moteur`), and costs no exchange of its own: no transaction is held open, nothing
    is said to the session, no connection is opened, and one that is lost and opened again reads only too. Inside a
    transaction (tests) it is a savepoint.
    """
    if connection.in_atomic_block:
        with _dans_une_transaction():
            yield
        return
    if connection.connection is not None and connection.connection.closed:
        connection.close()
    connection.lecture = True  # type: ignore[attr-defined]
    try:
        yield
    finally:
        connection.lecture = False  # type: ignore[attr-defined]


def morceaux_en_lecture(morceaux: Iterator[Any]) -> Iterator[Any]:
    """What a response sends bit by bit, each read `en_lecture`: nothing is held while a slow visitor receives it."""
    while True:
        with en_lecture():
            morceau = next(morceaux, FIN)
        if morceau is FIN:
            return
        yield morceau


FIN = object()


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
