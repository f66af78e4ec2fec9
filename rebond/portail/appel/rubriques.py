"""A text of the portal read by its headings: one question of the FAQ, the contacts of one région."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.rendu import en_html
from rebond.portail.textes.requetes import texte_courant
from rebond.socle.texte.noms import nom_nu

TITRE = "## "
#: Whom to ask when nobody is named for a région.
NATIONAL = "Contact national"


@dataclass(frozen=True)
class Rubrique:
    """What stands under one « ## » of a text."""

    titre: str
    corps: SafeString


def rubriques(page: PageDeTexte) -> list[Rubrique]:
    """In their order; what comes before the first heading is left out. One query."""
    return [
        Rubrique(titre.strip(), en_html(corps.strip(), titre=titre.strip()))
        for titre, _, corps in (
            morceau.partition("\n") for morceau in f"\n{texte_courant(page).texte}".split(f"\n{TITRE}")[1:]
        )
    ]


def contact_de(region: str) -> Rubrique | None:
    """What the administrateurs wrote under the name of that région, else under « Contact national »; None when they
    wrote neither."""
    lues = {nom_nu(lue.titre): lue for lue in rubriques(PageDeTexte.CONTACTS_EN_REGION)}
    return lues.get(nom_nu(region)) or lues.get(nom_nu(NATIONAL))
