"""The colour of a state's badge, the same on every page."""

from datetime import datetime, timedelta
from typing import Any

from django import template

from candidatures.dossier.etats import EtatCandidature as E
from candidatures.instruction.affectation.regles import empechement_d_affecter
from candidatures.labellisation.regles import empechement_d_annoncer
from candidatures.vagues.etats import (
    ETATS_AVANT_LA_CLOTURE,
    ETATS_DE_VAGUE_TENUS_SECRETS,
    EtatProlongation,
    EtatVague,
    Phase,
)
from rebond.socle.texte.durees import temps_restant
from rebond.socle.texte.typographie import instant_fr

register = template.Library()

GENRES: dict[str, str] = {
    E.DEPOSEE: "info",
    E.EN_INSTRUCTION: "new",
    E.INSTRUITE: "info",
    E.LAUREATE: "success",
    E.AJOURNEE: "warning",
    E.NON_RETENUE: "error",
    E.IRRECEVABLE: "error",
    Phase.OUVERTE: "success",
    Phase.PROGRAMMEE: "info",
    Phase.PROLONGEE: "success",
    Phase.EN_CLOTURE: "warning",
    EtatProlongation.PROPOSEE: "warning",
    EtatProlongation.ACCORDEE: "success",
    Phase.SUSPENDUE: "warning",
}


@register.filter
def genre(etat: str) -> str:
    """`composants/badge_etat.html`'s `genre`; grey for what needs no colour."""
    return GENRES.get(etat, "")


@register.inclusion_tag("composants/badge_etat.html")
def etat_connu(dossier: Any) -> dict[str, str]:
    """The badge of a file, from the state that its reader may know (`connaissance.avec_etat_connu`), and no other."""
    etat = E(dossier.etat_connu)
    return {"libelle": etat.label, "genre": genre(etat)}


@register.filter
def se_confie(dossier: Any) -> bool:
    """Whether a file still awaits something of an instructeur."""
    return empechement_d_affecter(dossier.etat_connu) is None


@register.filter
def ou_en_est(vague: Any) -> str:
    """Where a wave stands for its reader (`connaissance.avec_etat_de_vague_connu`)."""
    if vague.programmee:
        return f"Annonce programmée le {instant_fr(vague.publique_a)}"
    return str(EtatVague(vague.etat_connu).label)


@register.filter
def cloture_enregistree(vague: Any) -> bool:
    """Whether the closing of the wave is recorded, as far as its reader may know."""
    return EtatVague(vague.etat_connu) not in ETATS_AVANT_LA_CLOTURE


@register.filter
def a_decider(vague: Any) -> bool:
    """Whether the decisions of the wave are still to be taken."""
    return EtatVague(vague.etat_connu) is EtatVague.EN_INSTRUCTION


@register.filter
def decisions_prises(vague: Any) -> bool:
    return EtatVague(vague.etat_connu) in ETATS_DE_VAGUE_TENUS_SECRETS


@register.filter
def a_annoncer(vague: Any) -> bool:
    """Whether decisions are taken, and their announcement is not signed yet."""
    return empechement_d_annoncer(vague.etat_connu, annonce=ou_en_est(vague) if vague.programmee else "") is None


@register.filter
def instant_iso(texte: str) -> datetime:
    """An instant that a procès-verbal keeps as text."""
    return datetime.fromisoformat(texte)


@register.filter
def duree(valeur: timedelta) -> str:
    """« 3 minutes et 10 secondes »."""
    return temps_restant(valeur) or "moins d’une seconde"
