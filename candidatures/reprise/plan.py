"""What will be done of one dossier: made by `preparation`, carried out by `candidatures.reprise.actions`."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from candidatures.cahier.models import CahierDesCharges
from candidatures.dossier.etats import EtatCandidature
from candidatures.vagues.models.vagues import Vague
from rebond.socle.preuve.empreintes import empreinte
from territoires.models import Epci

EN_INSTRUCTION = EtatCandidature.EN_INSTRUCTION


class Sort(StrEnum):
    """What became of one field."""

    REPRIS = "repris"
    SANS_PLACE = "sans place"
    NON_CONVERTI = "non converti"
    VIDE = "vide"


@dataclass(frozen=True)
class Trace:
    """One field of one dossier, for the report. `vers` is « section.question » when it found its place; `lus`: how its
    numbers were read where they could be written otherwise.
    """

    libelle: str
    sort: Sort
    vers: str = ""
    exemple: str = ""
    motif: str = ""
    lus: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reste:
    """A field kept as it was, in words: the mapping does not know it, or its value could not become ours (`motif`)."""

    libelle: str
    texte: str
    motif: str = ""

    @property
    def json(self) -> dict[str, str]:
        return {"libelle": self.libelle, "texte": self.texte, "motif": self.motif}


@dataclass(frozen=True)
class Piece:
    """An attachment as they describe it. `chemin` is its file once found and verified; `jointe` as soon as it is known
    to be there. `taille` is in bytes, `md5` in base64. `illisible` says why its file cannot be read, when it cannot.
    """

    libelle: str
    nature: str
    nom: str
    md5: str
    taille: int | None = None
    chemin: Path | None = None
    jointe: bool = False
    motif: str = ""
    illisible: str = ""

    @property
    def cle(self) -> tuple[str, str]:
        return self.md5, self.nom

    @property
    def json(self) -> dict[str, Any]:
        return {
            "libelle": self.libelle,
            "nature": self.nature,
            "nom": self.nom,
            "md5": self.md5,
            "taille": self.taille,
            "jointe": self.jointe,
            "motif": self.motif,
        }


@dataclass(frozen=True)
class Porteur:
    email: str
    prenom: str = ""
    nom: str = ""


@dataclass(frozen=True)
class Plan:
    """`epcis` are the grouping, its lead first; `etat` is where the file must arrive; `origine` the whole dossier.

    `annonce_le`: when the laureates of the wave were announced, if they were.
    """

    numero: str
    demarche: str
    titre: str
    vague: Vague
    cahier: CahierDesCharges
    epcis: tuple[Epci, ...]
    porteur: Porteur
    etat: EtatCandidature
    recu_le: datetime
    instruit_le: datetime | None
    decide_le: datetime | None
    modifie_le: datetime | None
    annonce_le: datetime | None
    contenu: Mapping[str, Mapping[str, Any]]
    origine: Mapping[str, Any]
    restes: tuple[Reste, ...] = ()
    pieces: tuple[Piece, ...] = ()
    notes: tuple[str, ...] = field(default=(), compare=False)

    @property
    def empreinte(self) -> str:
        """Of everything that a takeover writes."""
        return empreinte(
            {
                "origine": self.origine,
                "contenu": self.contenu,
                "restes": [reste.json for reste in self.restes],
                "pieces": [piece.json for piece in self.pieces],
                # The closing of its wave makes one of the other.
                "etat": (EN_INSTRUCTION if self.etat is EtatCandidature.DEPOSEE else self.etat).value,
                "annonce_le": self.annonce_le.isoformat() if self.annonce_le else None,
            }
        )
