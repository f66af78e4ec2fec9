"""The colour of a mission's step, the same on every page."""

from django import template

from projets.mission.etats import EtatMission

register = template.Library()

GENRES = {
    EtatMission.A_LANCER: "warning",
    EtatMission.RESTITUEE: "success",
    EtatMission.SUIVI: "success",
    EtatMission.CLOSE: "",
}


@register.filter
def genre_d_etape(etat: str) -> str:
    """`composants/badge_etat.html`'s `genre`."""
    return GENRES.get(EtatMission(etat), "info")
