"""What people and the portal do, as the journal names it: an enumeration a room, each act with words and readers."""

from collections.abc import Iterable
from enum import Enum, StrEnum, auto
from typing import Any, Self


class Lecteurs(Enum):
    """Who reads that an act was done on something, beside the auditeur, who reads the whole journal."""

    SERVICE = auto()
    # With the service, whoever takes part in the file.
    TERRITOIRE = auto()


class Acte(StrEnum):
    """An act: what the journal keeps of it, then its words as people read them, then its readers.

    A room declares its own, and on what they are done: `class ActeDeVague(Acte, sur=("candidatures.vague",))`.
    Values are kept for ever: rename words, never values.
    """

    libelle: str
    lecteurs: Lecteurs

    def __new__(cls, valeur: str, libelle: str, lecteurs: Lecteurs = Lecteurs.SERVICE) -> Self:
        membre = str.__new__(cls, valeur)
        membre._value_ = valeur
        membre.libelle, membre.lecteurs = libelle, lecteurs
        return membre

    @classmethod
    def de(cls, valeur: str) -> Self:
        """The act that the journal keeps as `valeur`. Raises `KeyError` for a stranger."""
        return {membre.value: membre for membre in cls}[valeur]

    def __init_subclass__(cls, *, sur: Iterable[str] = (), **options: Any) -> None:
        super().__init_subclass__(**options)
        for objet in sur:
            SUR.setdefault(objet, []).append(cls)


# By label of the object (« candidatures.vague »), as the journal keeps it.
SUR: dict[str, list[type[Acte]]] = {}


def actes_sur(objet_type: str) -> list[Acte]:
    """Every act that is done on objects of that kind, whatever its room."""
    return [acte for enumeration in SUR.get(objet_type, ()) for acte in enumeration]


def actes_possibles() -> set[tuple[str, str]]:
    """Every act, with each kind of object that it may be done on."""
    return {(acte.value, objet_type) for objet_type in SUR for acte in actes_sur(objet_type)}


def actes_lus_par(lecteurs: Lecteurs, objet_type: str) -> list[Acte]:
    return [acte for acte in actes_sur(objet_type) if acte.lecteurs is lecteurs]


def libelle_acte(acte: str, objet_type: str) -> str:
    """What was done to an object of that kind, in words; an act of a former version keeps its own."""
    connus = {connu.value: connu.libelle for connu in actes_sur(objet_type)}
    return connus.get(acte) or acte.replace("_", " ").capitalize()
