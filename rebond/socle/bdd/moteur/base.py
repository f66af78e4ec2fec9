"""The `ENGINE` of the settings: where Django looks for a backend."""

import select
from collections.abc import Iterable
from functools import partial
from typing import Any

from django.db import NotSupportedError
from django.db.backends.postgresql import base, operations
from psycopg import sql

#: Before a statement, in the same message: Postgres makes one transaction of both (PostgreSQL, § 53.2.2.1, « Multiple
#: Statements in a Simple Query »), which this names read-only and which ends with it.
EN_LECTURE = "SET TRANSACTION READ ONLY; "


# Its type is known to Django alone.
MERE: Any = base.Cursor


class Curseur(MERE):
    """Outside of a transaction, each statement of somebody who may only read is in a read-only one of its own."""

    def __init__(self, *args: Any, moteur: "DatabaseWrapper", **options: Any) -> None:
        super().__init__(*args, **options)
        self.moteur = moteur

    def execute(self, query: Any, params: Any = None, **options: Any) -> Any:
        if not (self.moteur.lecture and self.connection.autocommit):
            return super().execute(query, params, **options)
        super().execute(_en_lecture(query), params, **options)
        # What was asked, and not what was said before it.
        self.nextset()
        return self

    def executemany(self, query: Any, params_seq: Iterable[Any], **options: Any) -> None:
        if not (self.moteur.lecture and self.connection.autocommit):
            super().executemany(query, params_seq, **options)
            return
        for params in params_seq:
            self.execute(query, params)

    def copy(self, *args: Any, **options: Any) -> Any:
        """Raises NotSupportedError outside of a transaction: a COPY is alone in its message."""
        if self.moteur.lecture and self.connection.autocommit:
            raise NotSupportedError("COPY d’une page qui ne fait que lire : ouvrez une transaction.")
        return super().copy(*args, **options)


def _en_lecture(query: Any) -> Any:
    if isinstance(query, bytes):
        return EN_LECTURE.encode() + query
    return sql.SQL(EN_LECTURE) + query if isinstance(query, sql.Composable) else EN_LECTURE + query


class Operations(operations.DatabaseOperations):
    def last_executed_query(self, cursor: Any, sql: str, params: Any) -> Any:
        """As it was asked."""
        dite = super().last_executed_query(cursor, sql, params)
        return dite and dite.removeprefix(EN_LECTURE)


class DatabaseWrapper(base.DatabaseWrapper):
    """Nothing that it says outlives a transaction: a pooler such as PgBouncer gives the session to somebody else.

    `lecture`: meanwhile, every transaction is read-only (`rebond.socle.bdd.lecture`).
    """

    ops_class = Operations
    lecture = False

    def get_connection_params(self) -> dict[str, Any]:
        parametres: dict[str, Any] = super().get_connection_params()
        return parametres | {"cursor_factory": partial(Curseur, moteur=self)}

    def chunked_cursor(self) -> Any:
        """Keeps a cursor in the server within a transaction alone, whoever asks for one (`QuerySet.iterator`, each
        list of choices of a form).

        Django would otherwise declare it WITH HOLD: it outlives its statement, in a session that a pooler gives to
        somebody else meanwhile, and Postgres copies all of its rows to let the first one be read.
        """
        return super().chunked_cursor() if self.in_atomic_block else self.cursor()

    def _set_autocommit(self, autocommit: bool) -> None:
        if not autocommit and self.connection.read_only is not (self.lecture or None):
            # Said by the BEGIN of what is about to begin.
            self.connection.read_only = self.lecture or None
        super()._set_autocommit(autocommit)  # type: ignore[misc]

    def is_usable(self) -> bool:
        """Asked before the first statement of a request, and answered without one as long as the server has said
        nothing: what ends a session tells it, or closes its end.
        """
        if self.connection is None or self.connection.closed:
            return False
        attente = select.poll()
        attente.register(self.connection.pgconn.socket, select.POLLIN)
        return not attente.poll(0) or bool(super().is_usable())
