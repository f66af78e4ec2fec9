"""Whether the page of a file offers its copy."""

from django import template

from candidatures.regles import est_copiable
from candidatures.views.acces import Ouvrage

register = template.Library()


@register.filter
def copiable(ouvrage: Ouvrage) -> bool:
    """Nothing more will happen in this file: its porteur may copy it into the open wave."""
    return est_copiable(ouvrage.etat, ouvrage.candidature.vague.phase(ouvrage.maintenant))
