"""Waves, files, deposits and their instruction."""

from candidatures.models.depots import AccuseReception, Depot, PieceDeposee, ProcesVerbal
from candidatures.models.dossiers import Candidature, Participation, PieceJointe
from candidatures.models.instruction import (
    Avis,
    Decision,
    DeclarationInteret,
    Labellisation,
    Proposition,
    Recevabilite,
)
from candidatures.models.vagues import Vague

__all__ = [
    "AccuseReception",
    "Avis",
    "Candidature",
    "Decision",
    "DeclarationInteret",
    "Depot",
    "Labellisation",
    "Participation",
    "PieceDeposee",
    "PieceJointe",
    "ProcesVerbal",
    "Proposition",
    "Recevabilite",
    "Vague",
]
