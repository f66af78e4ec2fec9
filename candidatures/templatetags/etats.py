"""The colour of a state's badge, the same on every page."""

from datetime import datetime

from django import template

from candidatures.etats import EtatCandidature as E
from candidatures.etats import Phase

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
