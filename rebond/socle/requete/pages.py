"""The page of a list that an address asks for: the only reader of `?page=`."""

from collections.abc import Sequence
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet

from rebond.socle.texte.nombres import entier_de_machine

#: Beyond, it is no page that anybody turned to.
RANG_MAX = 1_000_000


def page_demandee(lignes: QuerySet[Any] | Sequence[Any], demandee: str | None, *, par_page: int) -> Page[Any]:
    """The last page for a number too high, the first for what is no number."""
    demandee = demandee or ""
    rang = entier_de_machine(demandee, maximum=RANG_MAX)
    if rang is None and demandee.isascii() and demandee.isdigit():
        rang = RANG_MAX
    return Paginator(lignes, par_page).get_page(rang or 1)
