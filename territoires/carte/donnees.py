"""What a map shows: plain data, which know nothing of files or laureates."""

from dataclasses import dataclass
from enum import Enum


class Motif(Enum):
    """How a layer is filled: never by colour alone."""

    PERIMETRE = "perimetre"
    PILOTE = "pilote"
    LAUREAT = "laureat"


@dataclass(frozen=True, slots=True)
class Forme:
    """One territory on a layer: its EPCI and, where it has no outline, the département in which to put a marker.

    `numero` is written on it; the text alternative repeats it.
    """

    nom: str
    region: str
    sirens: tuple[str, ...] = ()
    departement: str = ""
    numero: int | None = None
    fictive: bool = False


@dataclass(frozen=True, slots=True)
class Couche:
    """A layer, drawn above the ones before it. `communes` (INSEE codes) are members smaller than an EPCI: dots."""

    libelle: str
    motif: Motif
    formes: tuple[Forme, ...]
    communes: tuple[str, ...] = ()
