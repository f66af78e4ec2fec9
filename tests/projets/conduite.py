"""A mission with its envelope, its projects and its team, for the tests of the pages that conduct it."""

from datetime import date
from itertools import count

from projets.models import Enveloppe, EquipeMission, Mission, Projet
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from tests.fabriques import un_agent, un_utilisateur, une_vague
from tests.projets import decor

OUVERTURE = date(2023, 7, 3)
ACCORD = date(2023, 9, 27)
_rangs = count(1)


def une_mission() -> Mission:
    return decor.une_mission(decor.un_laureat(une_vague(), horloge_base()))


def une_enveloppe(mission: Mission | None = None, montant: int = 1_000_000) -> Enveloppe:
    mission = mission or une_mission()
    return Enveloppe.objects.create(mission=mission, nom="Enveloppe d’essai", montant=montant, ouverte_le=OUVERTURE)


def un_projet(enveloppe: Enveloppe) -> Projet:
    """A project that waits for a grant of this envelope."""
    industriel = decor.un_industriel(enveloppe.mission, next(_rangs))
    return decor.un_projet(industriel, un_utilisateur(), enveloppe=enveloppe)


def un_equipier(mission: Mission) -> Utilisateur:
    personne = un_agent(Role.CHARGE_MISSION)
    EquipeMission.objects.create(mission=mission, utilisateur=personne)
    return personne


def un_gestionnaire() -> Utilisateur:
    return un_agent(Role.GESTIONNAIRE)
