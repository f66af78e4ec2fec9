"""What a territory finds on the page of its file once it is deposited: the steps, then what to do of the result."""

from datetime import datetime
from typing import Any

from django.conf import settings

from candidatures.dossier.etats import EtatCandidature
from candidatures.dossier.models.dossiers import Candidature
from candidatures.labellisation.deroulement import DEFAVORABLES, deroulement
from candidatures.labellisation.signaux import mission_cherchee
from rebond.socle.utilisateur import Utilisateur


def suites(
    candidature: Candidature, etat: EtatCandidature, maintenant: datetime, *, depose: bool, lecteur: Utilisateur
) -> dict[str, Any]:
    """`etat` is what the territory knows: nothing here says more."""
    return {
        "etapes": deroulement(candidature, maintenant) if depose and etat != EtatCandidature.RETIREE else [],
        "recours": settings.ACCUSE_RECOURS if etat in DEFAVORABLES else "",
        "service": (settings.ACCUSE_SERVICE, settings.ACCUSE_COURRIEL),
        "mission": _mission(candidature, lecteur) if etat == EtatCandidature.LAUREATE else "",
    }


def motif_lu(candidature: Candidature, etat: EtatCandidature) -> str:
    """Why it was not retained, as its territory reads it once announced (`etat` is what it knows); empty when nothing
    was written."""
    if etat == EtatCandidature.IRRECEVABLE:
        return candidature.recevabilite.motif
    return candidature.decision.motif if etat in DEFAVORABLES and hasattr(candidature, "decision") else ""


def signature_lue(candidature: Candidature, etat: EtatCandidature) -> str:
    """Who signed that it is inadmissible, as its territory reads it once announced; empty for older ones."""
    if etat != EtatCandidature.IRRECEVABLE or candidature.recevabilite.irrecevabilite is None:
        return ""
    return candidature.recevabilite.irrecevabilite.signature


def _mission(candidature: Candidature, lecteur: Utilisateur) -> str:
    """The address of the laureate's mission; empty when `lecteur` may not open it."""
    adresses = mission_cherchee.send(sender=Candidature, candidature=candidature, personne=lecteur)
    return next((adresse for _, adresse in adresses if adresse), "")
