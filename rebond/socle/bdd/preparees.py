"""A query asked at each request, always the same but for its values: Django writes its SQL once, and not each time.

Writing the SQL of a file and of what it is joined to takes longer than Postgres to answer it. `Preparee` keeps the
text, and makes of the rows what the QuerySet itself would make of them: instances, those that `select_related` joins,
annotations.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.query import ModelIterable, QuerySet

Objet = TypeVar("Objet", bound=models.Model)


class Valeur(str):
    """In the place of a value that each call gives, by its name."""

    __slots__ = ()


def valeur(nom: str, champ: models.Field | None = None) -> RawSQL:
    """What stands in a filter of the query for the value `nom`, which Postgres reads as `champ`."""
    return RawSQL("%s", (Valeur(nom),), output_field=champ)


class Preparee(Generic[Objet]):
    """`faire` makes the query, with `valeur(…)` wherever a value comes later; it is called once in each process."""

    def __init__(self, faire: Callable[[], QuerySet[Objet]]) -> None:
        self._faire = faire

    @cached_property
    def _ecrite(self) -> "_Ecrite":
        return _Ecrite(self._faire())

    @property
    def sql(self) -> str:
        """Its columns are named col1, col2…: another statement may hold it."""
        return self._ecrite.sql

    def parametres(self, **valeurs: Any) -> list[Any]:
        return [valeurs[p] if isinstance(p, Valeur) else p for p in self._ecrite.parametres]

    def lire(self, **valeurs: Any) -> list[Objet]:
        with connection.cursor() as curseur:
            curseur.execute(self.sql, self.parametres(**valeurs))
            return self.objets(curseur.fetchall())

    def objets(self, lignes: Iterable[Sequence[Any]]) -> list[Objet]:
        """What the query makes of rows that were read otherwise."""
        return self._ecrite.objets(lignes)


class _Ecrite:
    def __init__(self, requete: QuerySet) -> None:
        self._requete = requete
        self._compilateur = requete.query.get_compiler(using=connection.alias)
        sql, self.parametres = self._compilateur.as_sql(with_col_aliases=True)
        self.sql = str(sql)
        self.convertisseurs = self._compilateur.get_converters([colonne for colonne, *_ in self._compilateur.select])

    def objets(self, lignes: Iterable[Sequence[Any]]) -> list[Any]:
        requete = self._requete.all()
        deja = _DejaExecutee(self._compilateur, self.convertisseurs, lignes)
        requete.query.get_compiler = lambda **_: deja  # type: ignore[method-assign]
        return list(ModelIterable(requete))


class _DejaExecutee:
    """What Django asks of a compiler once the SQL is written, for rows that are already here."""

    def __init__(self, compilateur: Any, convertisseurs: Any, lignes: Iterable[Sequence[Any]]) -> None:
        self.select, self.klass_info = compilateur.select, compilateur.klass_info
        self.annotation_col_map = compilateur.annotation_col_map
        self._convertir = lambda: compilateur.apply_converters(lignes, convertisseurs)

    def execute_sql(self, **_: Any) -> None:
        """Somebody has."""

    def results_iter(self, _resultats: None) -> Iterator[Sequence[Any]]:
        return iter(self._convertir())  # type: ignore[no-untyped-call]
