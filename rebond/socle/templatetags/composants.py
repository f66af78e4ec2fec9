"""Tags of the page components; each one takes explicit arguments and renders templates/composants/<name>.html."""

from collections.abc import Sequence
from typing import Any

from django import template

register = template.Library()


@register.inclusion_tag("composants/fil.html")
def fil_ariane(*maillons: Any) -> dict[str, Any]:
    """Breadcrumb: label, URL, label, URL… and last the label of the current page. « Accueil » is added in front.

    `{% url 'vagues' as vagues %}{% fil_ariane "Les relèves" vagues "Relève n° 4" %}`
    """
    if len(maillons) % 2 == 0:
        raise template.TemplateSyntaxError("fil_ariane : libellé, adresse, …, puis le libellé de la page.")
    *parents, page = maillons
    return {"parents": _par_deux(parents), "page": page}


def _par_deux(valeurs: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(valeurs[::2], valeurs[1::2], strict=True))
