"""The phases of a wave, as a bar."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django import template
from django.utils.text import capfirst

from candidatures.vagues.models.phases import PhaseVague
from candidatures.vagues.regles import jours_de_phase
from rebond.socle.texte.typographie import periode_fr

register = template.Library()


@dataclass(frozen=True)
class Etape:
    """`cas` is how it is drawn: passee, en_cours or a_venir; `dit` says it in words."""

    titre: str
    quand: str
    cas: str
    dit: str
    est_en_cours: bool = False


@register.inclusion_tag("candidatures/commun/_phases.html")
def barre_des_phases(phases: Iterable[PhaseVague], maintenant: datetime) -> dict[str, Any]:
    """Each phase, its days, and whether it is over, under way or to come at `maintenant`."""
    return {"etapes": [_etape(phase, maintenant) for phase in phases]}


def _etape(phase: PhaseVague, maintenant: datetime) -> Etape:
    du, au = jours_de_phase(phase.debut, phase.fin)
    quand = capfirst(periode_fr(du, au))
    if phase.est_en_cours(maintenant):
        return Etape(str(phase), quand, "en_cours", "En cours", est_en_cours=True)
    if phase.fin <= maintenant:
        return Etape(str(phase), quand, "passee", "Passée")
    return Etape(str(phase), quand, "a_venir", "À venir")
