"""What the page of a file asks its templates for."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template

from candidatures.depot.models import nom_du_rectificatif
from candidatures.instruction.correction.sur_place import ancre_de

register = template.Library()
register.filter("nom_du_rectificatif", nom_du_rectificatif)


@register.filter
def celles_de(par_ancre: Mapping[str, Sequence[Any]], cle: str) -> Sequence[Any]:
    """The notes in the margin of an answer."""
    return par_ancre.get(cle, ())


@register.simple_tag
def suite_avec(suite: str, nom: str, valeur: str) -> str:
    """The end of an address (`?liste=…`, or nothing) with one thing more."""
    lien = "&" if suite else "?"
    return f"{suite}{lien}{urlencode({nom: valeur})}"


@register.filter
def ancre(section: str, question: str) -> str:
    """Where the answer stands in the page."""
    return ancre_de(f"{section}.{question}")
