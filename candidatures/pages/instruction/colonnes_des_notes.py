"""What the lists of a wave show of the evaluations of each file."""

from dataclasses import replace
from typing import Any

from candidatures.evaluation.regles import sur_cent
from rebond.socle.listes import Colonne


def note_de(suivi: Any) -> str:
    return sur_cent(suivi.note, suivi.note_sur)


def ecart_de(suivi: Any) -> str:
    return sur_cent(suivi.note_ecart, suivi.note_sur)


def _desaccord(suivi: Any) -> str:
    return "Oui" if suivi.desaccord else ("Non" if suivi.evaluations_ouvertes else "")


NOTE = Colonne("note", "Note sur 100", note_de, lit=["note", "note_sur"], tri="note")
ECART = Colonne("ecart", "Écart", ecart_de, lit=["note_ecart", "note_sur"], tri="note_ecart")
# Of the lists of a wave: empty as long as the evaluations of a file are each its author's.
COLONNES_DES_NOTES = (
    replace(NOTE, cellule="candidatures/evaluation/cellules/note.html", lit=["note", "note_sur", "desaccord"]),
    replace(ECART, page=False),
    Colonne("desaccord", "Désaccord", _desaccord, lit=["desaccord", "evaluations_ouvertes"], page=False),
)
