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

    `numero` is written on it; the text alternative repeats it. `suite` says what became of its members that are gone,
    on what is read today; empty on what is frozen, which keeps the words of its day.
    """

    nom: str
    region: str
    sirens: tuple[str, ...] = ()
    departement: str = ""
    numero: int | None = None
    fictive: bool = False
    suite: str = ""


@dataclass(frozen=True, slots=True)
class Support:
    """Where a map is read. The national one is 1,160 units wide: shown on fewer pixels, its numbers must be of 12.

    `taille` is that of the numbers, in units of the drawing. What the page says below the map need not be in it: the
    legend, the names of the frames and the credit are texts (`legende`) for those who open the drawing by itself.
    """

    taille: float
    legende: bool = False

    @property
    def rayon(self) -> float:
        """Of the disc that holds a number of two digits."""
        return round(self.taille / 1.3, 1)


#: A page of a document.
PAPIER = Support(taille=17, legende=True)
#: Beside a list, from 992 pixels on: 540 pixels at least.
ECRAN = Support(taille=26)
#: A phone of 320 pixels: 288 are left.
TELEPHONE = Support(taille=49)


@dataclass(frozen=True, slots=True)
class Couche:
    """A layer, drawn above the ones before it. `communes` (INSEE codes) are members smaller than an EPCI: dots."""

    libelle: str
    motif: Motif
    formes: tuple[Forme, ...]
    communes: tuple[str, ...] = ()
