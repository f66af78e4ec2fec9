"""Reading several tables as they were at one instant."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection, transaction


@contextmanager
def instantane() -> Iterator[None]:
    """Within it every query sees the same data, whatever others commit meanwhile; nothing can be written.

    In a transaction that has already begun, nothing changes: its first query has chosen what it sees.
    """
    if connection.in_atomic_block:
        yield
        return
    with transaction.atomic():
        with connection.cursor() as curseur:
            curseur.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
