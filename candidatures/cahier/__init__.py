"""The call's specifications (« cahier des charges »): what a file of a wave must say."""

from candidatures.cahier.definition import (
    FORMATS_PAR_DEFAUT,
    LIBELLES_FAITS,
    LIBELLES_FORMATS,
    LIBELLES_TYPES,
    NIVEAUX_PAR_DEFAUT,
    TYPES_A_CHOIX,
    Cahier,
    Choix,
    Condition,
    ConditionDeRecevabilite,
    Critere,
    Fait,
    Format,
    Niveau,
    PieceAttendue,
    Question,
    Section,
    Type,
)
from candidatures.cahier.modele import FILIERES, MODELE
from candidatures.cahier.serialisation import depuis_json, vers_json

__all__ = [
    "FILIERES",
    "FORMATS_PAR_DEFAUT",
    "LIBELLES_FAITS",
    "LIBELLES_FORMATS",
    "LIBELLES_TYPES",
    "MODELE",
    "NIVEAUX_PAR_DEFAUT",
    "TYPES_A_CHOIX",
    "Cahier",
    "Choix",
    "Condition",
    "ConditionDeRecevabilite",
    "Critere",
    "Fait",
    "Format",
    "Niveau",
    "PieceAttendue",
    "Question",
    "Section",
    "Type",
    "depuis_json",
    "vers_json",
]
