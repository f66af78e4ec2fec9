"""The dashboard of whoever holds a role: what they open first in the morning."""

from datetime import datetime

from rebond.comptes.habilitations import a_le_role, est_sans_role
from rebond.portail.bureau import administration, experts, instruction, missions, presse
from rebond.portail.bureau.formes import Bureau
from rebond.portail.bureau.nouvelles import nouvelles_de
from rebond.portail.bureau.vagues import LECTEURS, vagues_de
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role


def bureau_de(moi: Utilisateur, maintenant: datetime) -> Bureau | None:
    """What to do now, by term; the dates that come; where things stand; what others have done. None for whoever holds
    no role: their files are listed apart. The number of statements depends on the roles alone."""
    if est_sans_role(moi):
        return None
    bureau = Bureau()
    _avec_les_dossiers(bureau, moi, maintenant)
    _avec_les_missions(bureau, moi, maintenant)
    _avec_le_portail(bureau, moi, maintenant)
    bureau.depuis, bureau.nouvelles = nouvelles_de(moi, maintenant)
    bureau.ranger()
    return bureau


def _avec_les_dossiers(bureau: Bureau, moi: Utilisateur, maintenant: datetime) -> None:
    """In the order of the cycle: of two things of one term, the first in it comes first."""
    vagues, calendrier = vagues_de(moi, maintenant)
    bureau.echeances += calendrier
    lit = a_le_role(moi, *LECTEURS)
    etats = instruction.par_etat(moi, vagues) if lit else {}
    if a_le_role(moi, Role.INSTRUCTEUR):
        bureau.a_faire += instruction.instruire(moi, vagues)
        bureau.echeances += instruction.corrections_attendues(moi)
    if a_le_role(moi, Role.EXPERT):
        travaux, rubriques = experts.donner_avis(moi, maintenant)
        bureau.a_faire += travaux
        bureau.rubriques += rubriques
    if a_le_role(moi, Role.COMITE):
        bureau.a_faire += instruction.deliberer(vagues, etats)
    if a_le_role(moi, Role.VALIDEUR, Role.ADMINISTRATEUR):
        bureau.a_faire += administration.signer(moi, maintenant)
    if a_le_role(moi, Role.VALIDEUR):
        bureau.a_faire += instruction.decider(moi, vagues, etats)
    if lit:
        bureau.echeances += vagues.echeances()
        bureau.rubriques += instruction.lecture(vagues, etats, decide=a_le_role(moi, Role.VALIDEUR))


def _avec_les_missions(bureau: Bureau, moi: Utilisateur, maintenant: datetime) -> None:
    if a_le_role(moi, Role.CHARGE_MISSION):
        travaux, echeances, rubriques = missions.accompagner(moi, maintenant)
        bureau.a_faire += travaux
        bureau.echeances += echeances
        bureau.rubriques += rubriques
    if a_le_role(moi, Role.GESTIONNAIRE):
        travaux, rubriques = missions.accorder(moi)
        bureau.a_faire += travaux
        bureau.rubriques += rubriques


def _avec_le_portail(bureau: Bureau, moi: Utilisateur, maintenant: datetime) -> None:
    if a_le_role(moi, Role.PRESSE):
        travaux, rubriques = presse.informer(maintenant)
        bureau.a_faire += travaux
        bureau.rubriques += rubriques
    if a_le_role(moi, Role.ADMINISTRATEUR):
        travaux, rubriques = administration.administrer(moi, maintenant)
        bureau.a_faire += travaux
        bureau.rubriques += rubriques
    if a_le_role(moi, Role.AUDITEUR):
        bureau.rubriques += administration.auditer(moi, maintenant)
