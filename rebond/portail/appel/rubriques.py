"""A text of the portal read by its headings: one question of the FAQ, the contacts of one région."""

from dataclasses import dataclass

from django.utils.safestring import SafeString

from rebond.portail.textes.rendu import en_html
from rebond.socle.texte.noms import nom_nu

TITRE = "## "
#: Whom to ask when nobody is named for a région.
NATIONAL = "Contact national"


@dataclass(frozen=True)
class Rubrique:
    """What stands under one « ## » of a text."""

    titre: str
    corps: SafeString


def rubriques(texte: str) -> list[Rubrique]:
    """In their order; what comes before the first heading is left out."""
    return [
        Rubrique(titre.strip(), en_html(corps.strip(), titre=titre.strip()))
        for titre, _, corps in (morceau.partition("\n") for morceau in f"\n{texte}".split(f"\n{TITRE}")[1:])
    ]


def avant_les_rubriques(texte: str, *, titre: str) -> SafeString:
    """What comes before the first heading."""
    return en_html(f"\n{texte}".split(f"\n{TITRE}", 1)[0].strip(), titre=titre)


def contact_de(region: str, texte: str) -> Rubrique | None:
    """What `texte`, that of « Vos contacts en région », says under the name of that région, else under « Contact
    national »; None when it says neither."""
    lues = {nom_nu(lue.titre): lue for lue in rubriques(texte)}
    return lues.get(nom_nu(region)) or lues.get(nom_nu(NATIONAL))
