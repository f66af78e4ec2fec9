"""The one source of every figure that a page, a document, an export or a press text shows (see docs/chiffres.md)."""

from projets.chiffres.calcul import calculer, de_la_mission, publics
from projets.chiffres.ecarts import Ecart, ecarts
from projets.chiffres.valeurs import Chiffre, Chiffres, Ligne, Restitution, Unite

__all__ = [
    "Chiffre",
    "Chiffres",
    "Ecart",
    "Ligne",
    "Restitution",
    "Unite",
    "calculer",
    "de_la_mission",
    "ecarts",
    "publics",
]
