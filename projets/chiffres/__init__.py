"""The one source of every figure that a page, a document, an export or a press text shows (see docs/chiffres.md)."""

from projets.chiffres.calcul import calculer, calculer_un, de_la_mission, publics
from projets.chiffres.definitions import DE_TOUTES, PREFIXE_ENSEMBLE
from projets.chiffres.ecarts import Ecart, ecarts, empreinte_des_ecarts
from projets.chiffres.valeurs import (
    INCONNU,
    Chiffre,
    Chiffres,
    Ligne,
    Restitution,
    Temoin,
    Unite,
    ecrire,
    montrer,
    reserve,
)

__all__ = [
    "DE_TOUTES",
    "INCONNU",
    "PREFIXE_ENSEMBLE",
    "Chiffre",
    "Chiffres",
    "Ecart",
    "Ligne",
    "Restitution",
    "Temoin",
    "Unite",
    "calculer",
    "calculer_un",
    "de_la_mission",
    "ecarts",
    "ecrire",
    "empreinte_des_ecarts",
    "montrer",
    "publics",
    "reserve",
]
