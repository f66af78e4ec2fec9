"""A query asked at each request, always the same but for its values: Django writes its SQL once, and not each time.

Writing the SQL of a file and of what it is joined to takes longer than Postgres to answer it. `Preparee` keeps the
text, and makes of the rows what the QuerySet itself would make of them: instances, those that `select_related` joins,
annotations.
"""

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any, Generic, TypeVar

from django.db import connection, models
from django.db.models.expressions import RawSQL
from django.db.models.query import QuerySet, get_related_populators

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

    @property
    def colonnes(self) -> int:
        return self._ecrite.colonnes

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
        self._compilateur = requete.query.get_compiler(using=connection.alias)
        self.sql, self.parametres = self._compilateur.as_sql(with_col_aliases=True)
        choisies = [colonne for colonne, *_ in self._compilateur.select]
        self.colonnes = len(choisies)
        self._convertisseurs = self._compilateur.get_converters(choisies)
        # Exactly what `ModelIterable` does of a row.
        classe = self._compilateur.klass_info
        self._modele, places = classe["model"], classe["select_fields"]
        self._debut, self._fin = places[0], places[-1] + 1
        self._champs = [colonne.target.attname for colonne, *_ in self._compilateur.select[self._debut : self._fin]]
        self._joints = get_related_populators(classe, self._compilateur.select, connection.alias)

    def objets(self, lignes: Iterable[Sequence[Any]]) -> list[Any]:
        converties = self._compilateur.apply_converters(lignes, self._convertisseurs)
        return [self._objet(ligne) for ligne in converties]

    def _objet(self, ligne: Sequence[Any]) -> Any:
        objet = self._modele.from_db(connection.alias, self._champs, ligne[self._debut : self._fin])
        for joint in self._joints:
            joint.populate(ligne, objet)
        for nom, place in self._compilateur.annotation_col_map.items():
            setattr(objet, nom, ligne[place])
        return objet
