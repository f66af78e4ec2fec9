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


def texte_courant(page: PageDeTexte) -> Texte:
    derniere = VersionDeTexte.objects.filter(page=page).order_by("-version").first()
    if derniere is None:
        return Texte(page, 0, texte_par_defaut(page))
    return Texte(page, derniere.version, derniere.texte, derniere.ecrite_le)
