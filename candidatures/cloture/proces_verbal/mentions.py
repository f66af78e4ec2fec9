"""Extensions and incidents as people read them, on the page and on paper."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from candidatures.cloture.etats import NatureIncident, NatureLigne
from rebond.socle.texte.typographie import instant_fr

# In the order in which they are read.
NOMS = {
    "reference": "Concerne",
    "territoire": "Territoire",
    "genre": "Genre",
    "debut": "Début",
    "fin": "Fin",
    "jusqu_au": "Nouvelle échéance",
    "motif": "Motif",
    "description": "Description",
    "constate_par": "Constaté par",
    "proposee_le": "Proposée le",
    "signee_le": "Signée le",
}
INSTANTS = {"debut", "fin", "jusqu_au", "proposee_le", "signee_le"}
# What an absent or empty value means.
ABSENTS = {
    NatureLigne.PROLONGATION: {"reference": "Toute la vague"},
    NatureLigne.INCIDENT: {"fin": "Pas terminé quand le procès-verbal a été établi"},
}


@dataclass(frozen=True)
class Mention:
    """`nature` is the heading; `champs` are (name, value), without those that say nothing."""

    nature: str
    champs: tuple[tuple[str, str], ...]


def mention(ligne: Mapping[str, Any]) -> Mention:
    """What a line of a procès-verbal about an extension or an incident says."""
    nature = NatureLigne(ligne["nature"])
    return Mention(nature.label, tuple(_champs(ligne, ABSENTS.get(nature, {}))))


def _champs(ligne: Mapping[str, Any], absents: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    for cle, nom in NOMS.items():
        valeur = ligne.get(cle)
        if valeur:
            yield nom, _lisible(cle, valeur)
        elif cle in absents:
            yield nom, absents[cle]


def _lisible(cle: str, valeur: str) -> str:
    if cle in INSTANTS:
        return f"{instant_fr(datetime.fromisoformat(valeur), secondes=True)} (heure de Paris)"
    return NatureIncident(valeur).label if cle == "genre" else valeur
