"""What a table says in the cells themselves, so that a small screen may show each row as a card.

Each cell carries the title of its column (`data-label`, which the style sheet writes in front of it under 992 px), and
the roles that some browsers take away from a table whose rows are laid out otherwise.
"""

import re

from django.utils.html import strip_tags

BALISE = re.compile(r"<(thead|tbody|tfoot|tr|th|td)\b([^>]*)>")
TITRE = re.compile(r"<th\b[^>]*>(.*?)</th>", re.DOTALL)
POUR_LECTEUR_SEUL = re.compile(r'<span class="fr-sr-only">.*?</span>', re.DOTALL)
ETENDUE = re.compile(r'\bcolspan="(\d+)"')
GROUPES = ("thead", "tbody", "tfoot")


def en_cartes(contenu: str) -> str:
    """`contenu`, the inside of a `<table>` without another one in it, whose cells say what they are."""
    entete, _, _ = contenu.partition("</thead>")
    titres = [_titre(lu) for lu in TITRE.findall(entete)]
    rang, groupe = 0, ""

    def ecrire(balise: re.Match[str]) -> str:
        nonlocal rang, groupe
        nom, attributs = balise.groups()
        if nom in GROUPES:
            groupe = nom
            return f'<{nom}{attributs} role="rowgroup">'
        if nom == "tr":
            rang = 0
            return f'<tr{attributs} role="row">'
        if groupe == "thead":
            return balise.group()
        etendue = ETENDUE.search(attributs)
        largeur = int(etendue[1]) if etendue else 1
        titre = titres[rang] if rang < len(titres) and largeur == 1 else ""
        rang += largeur
        role = "rowheader" if nom == "th" else "cell"
        # Titles come from the page, where they are already escaped.
        return f'<{nom}{attributs} role="{role}"' + (f' data-label="{titre}"' if titre else "") + ">"

    return BALISE.sub(ecrire, contenu)


def _titre(lu: str) -> str:
    """What is seen of it, as an attribute may hold it; nothing of a column whose title is not seen."""
    return " ".join(strip_tags(POUR_LECTEUR_SEUL.sub("", lu)).split()).replace('"', "&quot;")
