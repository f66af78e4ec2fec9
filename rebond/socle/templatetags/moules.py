"""Thousands of like rows in one page: their template is rendered once, and what differs is poured into it."""

import re
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.utils.safestring import SafeString

register = template.Library()

# Of the private use area, which no text that people type keeps (`rebond.socle.texte.caracteres`).
BORNE = "\ue000"


@dataclass(frozen=True, slots=True)
class Rangee:
    """A row: `textes`, plain texts that the template only writes, by name; `cas`, all that it asks anything of.

    Rows of one `genre` have the same `cas` and the same names of `textes`.
    """

    genre: Hashable
    textes: Mapping[str, str]
    cas: Mapping[str, Any] = field(default_factory=dict)


@register.simple_tag(takes_context=True)
def mouler(context: Context, gabarit: str, rangees: Iterable[Rangee]) -> SafeString:
    """`gabarit` for each row, as `{% include %}` would write it, in the context of its page."""
    moules: dict[Hashable, list[str]] = {}
    rendu: list[str] = []
    for rangee in rangees:
        if (moule := moules.get(rangee.genre)) is None:
            moule = moules[rangee.genre] = _moule(context, gabarit, rangee)
        textes = {
            nom: texte if isinstance(texte, SafeString) else escape(texte) for nom, texte in rangee.textes.items()
        }
        # A text, then a name, in turns.
        rendu += [morceau if rang % 2 == 0 else textes[morceau] for rang, morceau in enumerate(moule)]
    return SafeString("".join(rendu))


def _moule(context: Context, gabarit: str, rangee: Rangee) -> list[str]:
    marques = {nom: f"{BORNE}{nom}{BORNE}" for nom in rangee.textes}
    marque = re.compile(f"{BORNE}({'|'.join(marques)}){BORNE}")
    with context.push(**rangee.cas, **marques):
        return marque.split(get_template(gabarit).template.render(context))  # type: ignore[attr-defined]
