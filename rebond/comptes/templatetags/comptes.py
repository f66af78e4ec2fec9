"""What the pages of accounts say besides what allauth tells them."""

from django import template

from rebond.socle.courriers.models import PanneMessagerie

register = template.Library()


@register.simple_tag
def messagerie_en_panne() -> bool:
    """Whether a letter asked for now would wait; the same for whoever asks."""
    return PanneMessagerie.objects.en_cours() is not None
