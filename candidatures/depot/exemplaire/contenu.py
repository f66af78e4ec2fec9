"""What a printed copy of the file says: a frozen dataclass, made from a snapshot and nothing else."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candidatures.depot.models import Depot
from candidatures.dossier.instantane import Membres, Pieces, instantane
from candidatures.dossier.lecture import SectionLue, lire
from candidatures.dossier.models.dossiers import Candidature
from rebond.socle.documents.noms_de_fichiers import nom_propre
from rebond.socle.documents.stockage import html_en_pdf, rendre_html
from rebond.socle.preuve.empreintes import empreinte
from rebond.socle.texte.typographie import instant_fr, siren_fr

MENTION = "Données de démonstration. Ce document est fictif et n’a aucune valeur."


@dataclass(frozen=True)
class PieceDeLExemplaire:
    intitule: str
    nom: str
    taille: int


@dataclass(frozen=True)
class Exemplaire:
    """`depot` and `recu_le` are those of the deposit that it shows, `le` the last save of the draft that it shows."""

    reference: str
    territoire: str
    vague: int
    cloture: datetime
    membres: tuple[tuple[str, str], ...]
    sections: tuple[SectionLue, ...]
    pieces: tuple[PieceDeLExemplaire, ...]
    empreinte: str
    le: datetime
    depot: str
    demonstration: bool

    @property
    def brouillon(self) -> bool:
        return not self.depot

    @property
    def presentation(self) -> str:
        """What it is, in a sentence: the first thing that a reader must know."""
        le = instant_fr(self.le)
        if self.brouillon:
            return f"Brouillon du {le} (heure de Paris). Ce dossier n’est pas déposé dans cette version."
        return f"Dossier déposé le {le} (heure de Paris), dépôt n°\u00a0{self.depot}."

    def nom_de_fichier(self, ending: str) -> str:
        genre = "brouillon" if self.brouillon else "depot"
        return nom_propre(f"dossier-{self.reference}-{genre}-{self.empreinte[:8]}.{ending}")


def du_brouillon(candidature: Candidature, pieces: Pieces, membres: Membres) -> Exemplaire:
    contenu = instantane(candidature, pieces, membres)
    return _exemplaire(candidature, contenu, le=candidature.modifiee_le)


def du_depot(candidature: Candidature, depot: Depot) -> Exemplaire:
    return _exemplaire(candidature, depot.contenu, le=depot.recu_le, depot=depot.numero)


def _exemplaire(candidature: Candidature, contenu: Mapping[str, Any], *, le: datetime, depot: str = "") -> Exemplaire:
    territoire = contenu["territoire"]
    membres = contenu["membres"] or territoire["epcis"]
    return Exemplaire(
        reference=candidature.reference,
        territoire=territoire["nom"],
        vague=candidature.vague.numero,
        cloture=candidature.echeance,
        membres=tuple((membre["nom"], siren_fr(membre["siren"])) for membre in membres),
        sections=tuple(lire(candidature.cahier.cahier, contenu["sections"])),
        pieces=tuple(
            PieceDeLExemplaire(piece["intitule"], piece["nom"], piece["taille"]) for piece in contenu["pieces"]
        ),
        empreinte=empreinte(dict(contenu)),
        le=le,
        depot=depot,
        demonstration=candidature.demonstration,
    )


def en_html(exemplaire: Exemplaire) -> str:
    return rendre_html("candidatures/depot/exemplaire.html", {"exemplaire": exemplaire, "mention": MENTION})


def en_pdf(exemplaire: Exemplaire) -> bytes:
    identifiant = f"exemplaire/{exemplaire.reference}/{exemplaire.empreinte}/{exemplaire.depot}"
    return html_en_pdf(en_html(exemplaire), identifiant=identifiant)
