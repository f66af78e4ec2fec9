"""The `ENGINE` of the settings: where Django looks for a backend."""

from typing import Any

from django.db.backends.postgresql import base


class DatabaseWrapper(base.DatabaseWrapper):
    """Keeps a cursor in the server within a transaction alone, whoever asks for one (`QuerySet.iterator`, each list of
    choices of a form).

    Django would otherwise declare it WITH HOLD: it outlives its statement, in a session that a pooler such as
    PgBouncer gives to somebody else meanwhile, and Postgres copies all of its rows to let the first one be read.
    """

    def chunked_cursor(self) -> Any:
        return super().chunked_cursor() if self.in_atomic_block else self.cursor()
