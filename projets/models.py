"""Missions in laureate territories, what they gather, and what is made of it."""

from projets.chiffres.faits import EpciDAxe, MembreSuivi
from projets.enveloppe.models import Cofinancement, Concours, Enveloppe, Liberation
from projets.feuille_de_route.models import ActionAxe, Axe, FeuilleDeRoute
from projets.mission.models import EquipeMission, Industriel, Mission, MissionLabellisation
from projets.portefeuille.models import Estimation, Projet
from projets.publication.models import Communique, EcartConstate, FichierDeCommunique
from projets.rapport.models import Rapport

__all__ = [
    "ActionAxe",
    "Axe",
    "Cofinancement",
    "Communique",
    "Concours",
    "EcartConstate",
    "Enveloppe",
    "EpciDAxe",
    "EquipeMission",
    "Estimation",
    "FeuilleDeRoute",
    "FichierDeCommunique",
    "Industriel",
    "Liberation",
    "MembreSuivi",
    "Mission",
    "MissionLabellisation",
    "Projet",
    "Rapport",
]
