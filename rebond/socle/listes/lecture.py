"""What the columns of a file read of many rows: one statement, plain values, no model instance.

Ten thousand instances and those that they lead to cost several times their statement. A column that is a path is a
value of the row; one that is a function, a property or a method of the model is given a `Ligne`, which answers as the
instance would with the fields that the column declares, and with nothing else.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache, partialmethod
from inspect import getattr_static
from operator import itemgetter
from typing import Any

from django.core.exceptions import FieldDoesNotExist
from django.db import connection
from django.db.models import Model, QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.query_utils import DeferredAttribute
from django.utils.encoding import force_str

from rebond.socle.listes.colonnes import Colonne

Valeurs = Sequence[Any]
Lecture = Callable[[Valeurs], Any]
#: How many rows a cursor brings at a time.
LOT = 500


def rangees(
    lignes: QuerySet[Any],
    colonnes: Sequence[Colonne],
    champs: Iterable[str],
    *,
    par_curseur: bool = False,
    noter: Callable[[Any], object] | None = None,
) -> Iterator[list[Any]]:
    """One list of values a row, those of `colonnes`, in the order of `lignes`. `champs` are the fields declared.

    `par_curseur` for any number of rows, within a transaction: the server keeps them, and gives a few at a time.
    Without it a plain statement is read whole, which holds nothing of a session behind a pooler of connections.
    `noter` is given the key of each row.
    """
    plan = Plan(lignes)
    lectures = [plan.lecture(colonne) for colonne in colonnes]
    if plan.objets:
        plan.declarer(champs)
    cle = plan.cle() if noter else 0
    lues = lignes.select_related(None).values_list(*plan.chemins)
    if par_curseur and not connection.in_atomic_block:
        raise RuntimeError("A cursor lives in a transaction, and nowhere else.")
    for valeurs in lues.iterator(LOT) if par_curseur else lues:
        if noter:
            noter(valeurs[cle])
        yield [lire(valeurs) for lire in lectures]


@dataclass
class Noeud:
    """What is read of one model: the places of its values by attribute, and where its relations lead."""

    modele: type[Model]
    places: dict[str, int] = field(default_factory=dict)
    relations: dict[str, "Noeud"] = field(default_factory=dict)


class Plan:
    """Which paths are asked of the database, and where each is found in a row."""

    def __init__(self, lignes: QuerySet[Any]) -> None:
        self.annotations = lignes.query.annotations
        self.racine = Noeud(lignes.model)
        self.chemins: list[str] = []
        self.objets = False
        self._places: dict[str, int] = {}

    def lecture(self, colonne: Colonne) -> Lecture:
        if isinstance(colonne.valeur, str) and (directe := self._directe(colonne.valeur)) is not None:
            return directe
        self.objets = True
        racine, lire = self.racine, colonne.lire
        return lambda valeurs: lire(Ligne(racine, valeurs))

    def cle(self) -> int:
        """Where the key of the row is."""
        return self._place("pk")

    def declarer(self, champs: Iterable[str]) -> None:
        """The fields that functions may read of the row, its annotations among them."""
        for nom in self.annotations:
            self.racine.places[nom] = self._place(nom)
        for champ in sorted(champs):
            self._declarer(champ)

    def _place(self, chemin: str) -> int:
        if chemin not in self._places:
            self._places[chemin] = len(self.chemins)
            self.chemins.append(chemin)
        return self._places[chemin]

    def _directe(self, valeur: str) -> Lecture | None:
        """The value at a path of fields, or the label of a choice; None when something of the model must run."""
        *relations, dernier = valeur.split(".")
        modele = self.racine.modele
        if not relations and dernier in self.annotations:
            return itemgetter(self._place(dernier))
        try:
            for pas in relations:
                modele = _menee(modele, pas)
            nom = dernier.removeprefix("get_").removesuffix("_display")
            champ: Any = modele._meta.get_field(nom)
        except FieldDoesNotExist:
            return None
        if champ.is_relation:
            return None
        place = self._place(LOOKUP_SEP.join([*relations, nom]))
        if nom == dernier:
            return itemgetter(place)
        # A model may say its choices in its own way.
        if not isinstance(getattr_static(modele, dernier, None), partialmethod):
            return None
        return _libelle_a(place, {cle: force_str(dit, strings_only=True) for cle, dit in champ.flatchoices})

    def _declarer(self, chemin: str) -> None:
        *relations, nom = chemin.split(LOOKUP_SEP)
        noeud, parcouru = self.racine, ""
        for pas in relations:
            parcouru += f"{pas}{LOOKUP_SEP}"
            if pas not in noeud.relations:
                noeud.relations[pas] = Noeud(_menee(noeud.modele, pas))
                # Whether there is anything at the other end.
                self._nommer(noeud.relations[pas], "pk", self._place(f"{parcouru}pk"))
            noeud = noeud.relations[pas]
        self._nommer(noeud, nom, self._place(chemin))

    @staticmethod
    def _nommer(noeud: Noeud, nom: str, place: int) -> None:
        champ: Any = noeud.modele._meta.pk if nom == "pk" else noeud.modele._meta.get_field(nom)
        noeud.places[champ.attname] = place
        if champ.primary_key:
            noeud.places["pk"] = place


class Ligne:
    """A row as the functions of its model see it: its values, its relations, its properties and its methods."""

    __slots__ = ("_noeud", "_valeurs")

    def __init__(self, noeud: Noeud, valeurs: Valeurs) -> None:
        self._noeud = noeud
        self._valeurs = valeurs

    def __getattr__(self, nom: str) -> Any:
        noeud = self._noeud
        if (place := noeud.places.get(nom)) is not None:
            return self._valeurs[place]
        if (menee := noeud.relations.get(nom)) is not None:
            if self._valeurs[menee.places["pk"]] is not None:
                return Ligne(menee, self._valeurs)
            absente = getattr(getattr(noeud.modele, nom), "RelatedObjectDoesNotExist", None)
            if noeud.modele._meta.get_field(nom).concrete or absente is None:
                return None
            raise absente(nom)
        dit = _du_modele(noeud.modele, nom)
        if isinstance(dit, DeferredAttribute):
            raise AttributeError(f"{noeud.modele.__name__}.{nom}: no column declares that it reads it.")  # noqa: TRY004
        return dit.__get__(self, noeud.modele) if hasattr(dit, "__get__") else dit

    def __str__(self) -> str:
        return self._noeud.modele.__str__(self)


@lru_cache(maxsize=1024)
def _du_modele(modele: type[Model], nom: str) -> Any:
    return getattr_static(modele, nom)


def _menee(modele: type[Model], pas: str) -> type[Model]:
    """Where a relation leads. Raises `FieldDoesNotExist` for what is none, or leads to several rows."""
    relation: Any = modele._meta.get_field(pas)
    if not relation.is_relation or relation.many_to_many or relation.one_to_many:
        raise FieldDoesNotExist(pas)
    menee: type[Model] = relation.related_model
    return menee


def _libelle_a(place: int, libelles: dict[Any, Any]) -> Lecture:
    return lambda valeurs: libelles.get(valeurs[place], valeurs[place])
