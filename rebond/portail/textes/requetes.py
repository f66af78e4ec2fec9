"""Reading the texts of the portal."""

from dataclasses import dataclass
from datetime import datetime

from rebond.portail.textes.models import VersionDeTexte
from rebond.portail.textes.pages import PageDeTexte, texte_par_defaut


@dataclass(frozen=True)
class Texte:
    """What a page says. Version 0, of no date, is the one that the portal came with."""

    page: PageDeTexte
    version: int
    texte: str
    ecrite_le: datetime | None = None


def textes_courants(*pages: PageDeTexte) -> dict[PageDeTexte, str]:
    """What several pages say now, in one query."""
    dernieres = VersionDeTexte.objects.filter(page__in=pages).order_by("page", "-version").distinct("page")
    ecrits = {PageDeTexte(page): texte for page, texte in dernieres.values_list("page", "texte")}
    return {page: ecrits.get(page) or texte_par_defaut(page) for page in pages}


def texte_courant(page: PageDeTexte) -> Texte:
    derniere = VersionDeTexte.objects.filter(page=page).order_by("-version").first()
    if derniere is None:
        return Texte(page, 0, texte_par_defaut(page))
    return Texte(page, derniere.version, derniere.texte, derniere.ecrite_le)
