"""Missions in laureate territories, what they gather, and what is made of it."""

from projets.models.enveloppes import Cofinancement, Concours, Enveloppe
from projets.models.feuilles import ActionAxe, Axe, FeuilleDeRoute
from projets.models.missions import EquipeMission, Industriel, Mission, MissionLabellisation
from projets.models.portefeuille import Estimation, Projet
from projets.models.publications import Communique, FichierDeCommunique, Rapport

__all__ = [
    "ActionAxe",
    "Axe",
    "Cofinancement",
    "Communique",
    "Concours",
    "Enveloppe",
    "EquipeMission",
    "Estimation",
    "FeuilleDeRoute",
    "FichierDeCommunique",
    "Industriel",
    "Mission",
    "MissionLabellisation",
    "Projet",
    "Rapport",
]
