"""What the pages of accounts say besides what allauth tells them."""

from typing import Any

from django import template
from django.conf import settings

from rebond.socle.courriers.models import PanneMessagerie

register = template.Library()


@register.simple_tag
def messagerie_en_panne() -> bool:
    """Whether a letter asked for now would wait; the same for whoever asks."""
    return PanneMessagerie.objects.en_cours() is not None


@register.inclusion_tag("composants/seance.html", takes_context=True)
def fin_de_seance(context: Any) -> dict[str, Any]:
    """The warning before the session of whoever is signed in ends."""
    return {"csrf_token": context["csrf_token"], "inactivite": settings.SESSION_INACTIVITE}
