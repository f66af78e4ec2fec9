"""Rows by the thousand, written by Postgres from one that the product's own acts made.

A row that is sown is the copy of a model but for what is said of it, so that columns added tomorrow come with it.
Columns that Postgres computes are left to it, and triggers run, but those that judge when and by whom.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from django.db import connection

from tests.outils.roles import en_administrateur

COLONNES = """
    SELECT column_name FROM information_schema.columns
     WHERE table_schema = 'public' AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position
"""
DECLENCHEURS = """
    SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT tgisinternal AND tgname LIKE ANY(%s)
"""


@contextmanager
def semer() -> Iterator["Semoir"]:
    """In one transaction of the administrator, whose statistics are made at its end."""
    with en_administrateur(), connection.cursor() as curseur:
        curseur.execute("BEGIN")
        yield Semoir(curseur)
        curseur.execute("COMMIT")
        curseur.execute("ANALYZE")


class Semoir:
    def __init__(self, curseur: Any) -> None:
        self._curseur = curseur

    def executer(self, sql: str, **valeurs: Any) -> None:
        self._curseur.execute(sql, valeurs or None)

    def lire(self, sql: str, **valeurs: Any) -> list[tuple[Any, ...]]:
        self._curseur.execute(sql, valeurs or None)
        return list(self._curseur.fetchall())

    def copier(
        self,
        table: str,
        modele: str,
        depuis: str,
        colonnes: Mapping[str, str | None],
        /,
        *,
        cle: str = "",
        **valeurs: Any,
    ) -> None:
        """Into `table`, one copy of each row `m` that `modele` (a condition) keeps for each row of `depuis` (a FROM),
        with `colonnes` in place of the model's own: SQL expressions on both, None for what Postgres writes itself.

        `cle` is the expression of its key; a new one each time when it is not given.
        """
        self._curseur.execute(COLONNES, [table])
        noms = [ligne[0] for ligne in self._curseur.fetchall()]
        dites = dict(colonnes)
        if "id" in noms and "id" not in dites:
            dites["id"] = cle or f"nextval(pg_get_serial_sequence('{table}', 'id'))"
        inconnues = set(dites) - set(noms)
        assert not inconnues, f"{table} n’a pas {inconnues}"
        noms = [nom for nom in noms if dites.get(nom, "") is not None]
        choisies = ", ".join(dites.get(nom) or f'm."{nom}"' for nom in noms)
        liste = ", ".join(f'"{nom}"' for nom in noms)
        self.executer(
            f"INSERT INTO {table} ({liste}) OVERRIDING SYSTEM VALUE "
            f"SELECT {choisies} FROM {depuis}, {table} m WHERE {modele}",
            **valeurs,
        )

    @contextmanager
    def sans(self, table: str, *declencheurs: str) -> Iterator[None]:
        """Meanwhile the triggers of `table` whose names begin so do not run."""
        motifs = [f"pgtrigger_{nom}%" for nom in declencheurs]
        # PostgreSQL alters no table that deferred checks still wait for.
        self.executer("SET CONSTRAINTS ALL IMMEDIATE")
        self._curseur.execute(DECLENCHEURS, [table, motifs])
        noms = [ligne[0] for ligne in self._curseur.fetchall()]
        for nom in noms:
            self.executer(f"ALTER TABLE {table} DISABLE TRIGGER {nom}")
        yield
        self.executer("SET CONSTRAINTS ALL IMMEDIATE")
        for nom in noms:
            self.executer(f"ALTER TABLE {table} ENABLE TRIGGER {nom}")
