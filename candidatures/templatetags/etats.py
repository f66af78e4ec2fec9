"""The colour of a state's badge, the same on every page."""

from datetime import datetime, timedelta

from django import template

from candidatures.etats import EtatCandidature as E
from candidatures.etats import EtatProlongation, Phase
from candidatures.suivi import temps_restant

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


@register.filter
def instant_iso(texte: str) -> datetime:
    """An instant that a procès-verbal keeps as text."""
    return datetime.fromisoformat(texte)


@register.filter
def duree(valeur: timedelta) -> str:
    """« 3 minutes et 10 secondes »."""
    return temps_restant(valeur) or "moins d’une seconde"
