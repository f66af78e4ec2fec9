"""What a dashboard is made of."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from rebond.socle.listes.a_faire import AFaire

RIEN = "Rien ne vous attend."
# What is due by then presses.
BIENTOT = timedelta(days=7)


@dataclass(frozen=True)
class Travail(AFaire):
    """`nombre`: how many things it counts, which are the rows of the list at `lien`; None when it counts nothing.
    `avant`: by when; what has no term comes after what has one."""

    nombre: int | None = None
    avant: datetime | None = None


@dataclass(frozen=True)
class Echeance:
    """A date that comes: `quand` in words."""

    instant: datetime
    quand: str
    quoi: str
    lien: str


@dataclass(frozen=True)
class Compte:
    """« 3 dossiers »: `lien` leads to the rows that it counts."""

    nombre: int
    libelle: str
    lien: str


@dataclass(frozen=True)
class Rubrique:
    """One of the places of a person, with a sentence and its counts."""

    titre: str
    lien: str
    textes: tuple[str, ...] = ()
    comptes: tuple[Compte, ...] = ()


@dataclass(frozen=True)
class Nouvelle:
    """What somebody else did, as `composants/nouvelles.html` shows it."""

    quand: str
    titre: str
    lien: str
    objet: str
    auteur: str


@dataclass
class Bureau:
    """`a_faire` is sorted by term, `echeances` by date, once everything is in."""

    a_faire: list[Travail] = field(default_factory=list)
    echeances: list[Echeance] = field(default_factory=list)
    rubriques: list[Rubrique] = field(default_factory=list)
    nouvelles: list[Nouvelle] = field(default_factory=list)
    depuis: str = ""

    def ranger(self) -> None:
        self.a_faire.sort(key=lambda chose: (chose.avant is None, chose.avant.timestamp() if chose.avant else 0))
        self.echeances.sort(key=lambda echeance: echeance.instant)


def presse(avant: datetime | None, maintenant: datetime) -> bool:
    return avant is not None and avant <= maintenant + BIENTOT
