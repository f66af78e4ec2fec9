"""Filters that write numbers and dates the French way: `{{ n|nombre }}`, `{{ vague.cloture|instant_fr }}`."""

from datetime import datetime
from decimal import Decimal

from django import template

from rebond.socle.texte import citations, typographie

register = template.Library()

register.filter("nombre", typographie.nombre)
register.filter("euros", typographie.euros)
register.filter("millions", typographie.millions)
register.filter("pourcentage", typographie.pourcentage)
register.filter("date_fr", typographie.date_fr)
register.filter("siren_fr", typographie.siren_fr)
register.filter("instant_fr", typographie.instant_fr)
register.filter("date_limite", typographie.limite_fr)
register.filter("cite", citations.citer)


@register.filter
def instant_precis(instant: datetime) -> str:
    """Paris time to the second, where the second matters: receipts and procès-verbaux."""
    return typographie.instant_fr(instant, secondes=True)


@register.simple_tag
def compte(quantite: int, singulier: str, au_pluriel: str | None = None) -> str:
    """`{% compte 88 "projet" %}` → « 88 projets »."""
    return typographie.compte(quantite, singulier, au_pluriel)


@register.filter
def octets(taille: int) -> str:
    """File sizes as people read them: « 84 ko », « 1,2 Mo »."""
    if taille < 1024:
        return f"{taille}{typographie.INSECABLE}o"
    if taille < 1024 * 1024:
        return f"{typographie.nombre(round(taille / 1024))}{typographie.INSECABLE}ko"
    return f"{typographie.nombre(Decimal(taille) / (1024 * 1024), 1)}{typographie.INSECABLE}Mo"
