"""When a correction may be asked, written and given back."""

from collections.abc import Collection
from datetime import datetime

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import TRANSITIONS_CANDIDATURE, EtatCandidature, Qualite
from candidatures.instruction.conditions.regles import A_SIGNER
from rebond.socle.bdd.jumeaux import jumeau_de

PAS_SUR_CELLE_CI = "Vous ne pouvez pas faire cela sur cette correction."


@jumeau_de("postgres:irrecevabilite_a_signer")
def empechement_de_demander(etat: str, *, irrecevabilite: bool) -> str | None:
    """Why no correction may be asked for now; None when one may. `irrecevabilite`: one waits for a signature."""
    return A_SIGNER if irrecevabilite else TRANSITIONS_CANDIDATURE.empechement(ActeDuDossier.DEMANDER_CORRECTION, etat)


def empechement_de_relancer(echeance: datetime, maintenant: datetime, *, deja: bool) -> str | None:
    """Why nobody is reminded of a correction now; None when they may be. `deja`: one of them was today."""
    if maintenant >= echeance:
        return "Le délai de cette correction est passé."
    return "Un rappel est déjà parti aujourd’hui pour cette correction\u00a0: attendez demain." if deja else None


def empechement_de_ne_rien_demander(questions: Collection[str], natures: Collection[str]) -> str | None:
    """Why a correction may not be asked of these answers and kinds of attachment: there must be one at least."""
    return None if questions or natures else "Choisissez au moins une réponse ou une pièce à corriger."


def empechement_de_corriger(etat: str, echeance: datetime, maintenant: datetime, qualite: str | None) -> str | None:
    """Why a holder of `qualite` may not write the answers asked for; None if they may: strictly before `echeance`."""
    attendue = etat == EtatCandidature.CORRECTION_DEMANDEE and maintenant < echeance
    return None if attendue and qualite in {Qualite.PORTEUR, Qualite.CO_PORTEUR} else PAS_SUR_CELLE_CI


@jumeau_de("postgres:correction_rendue_a_temps")
def empechement_de_rendre(etat: str, echeance: datetime, maintenant: datetime, qualite: str | None) -> str | None:
    """Why the holder of `qualite` may not give the correction back; None when they may."""
    refus = empechement_de_corriger(etat, echeance, maintenant, qualite)
    return refus or (None if qualite == Qualite.PORTEUR else PAS_SUR_CELLE_CI)
