"""Missions in laureate territories, what they gather, and what is made of it."""

from projets.models.enveloppes import Cofinancement, Concours, Enveloppe, Liberation
from projets.models.feuilles import ActionAxe, Axe, FeuilleDeRoute
from projets.models.missions import EquipeMission, Industriel, Mission, MissionLabellisation
from projets.models.portefeuille import Estimation, Projet
from projets.models.publications import Communique, EcartConstate, FichierDeCommunique, Rapport

__all__ = [
    "ActionAxe",
    "Axe",
    "Cofinancement",
    "Communique",
    "Concours",
    "EcartConstate",
    "Enveloppe",
    "EquipeMission",
    "Estimation",
    "FeuilleDeRoute",
    "FichierDeCommunique",
    "Industriel",
    "Liberation",
    "Mission",
    "MissionLabellisation",
    "Projet",
    "Rapport",
]
