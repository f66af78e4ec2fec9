"""From what an administrateur types (CommonMark, with tables) to a page of the State's design system.

Neither HTML nor images pass; an address that a browser would run (« javascript: ») stays text.
"""

import re
from functools import cache
from typing import TYPE_CHECKING, Any

from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from rebond.socle.listes.cartes import en_cartes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from markdown_it import MarkdownIt
    from markdown_it.renderer import RendererHTML
    from markdown_it.token import Token

AVANT_TABLE = (
    '<div class="fr-table fr-table--multiline rebond-table fr-table--no-caption"><div class="fr-table__wrapper">'
    '<div class="fr-table__container" role="region" tabindex="0" aria-label="{}"><div class="fr-table__content">'
    '<table role="table"><caption>{}</caption>'
)
APRES_TABLE = "</table></div></div></div></div>"
#: The first cell of a row names it.
PREMIERE = re.compile(r"(<tr>\s*)<td[^>]*>(.*?)</td>", re.DOTALL)
SON_ENTETE = r'\1<th scope="row">\2</th>'
TABLEAU = re.compile(r'(?<=<table role="table">).*?(?=</table>)', re.DOTALL)


def en_html(texte: str, *, titre: str) -> SafeString:
    """`titre` names the tables to those who do not see them. Headings begin at the second level: the first is the
    page's own."""
    lu: str = _lecteur().render(texte, {"titre": titre})
    return SafeString(TABLEAU.sub(lambda tableau: en_cartes(PREMIERE.sub(SON_ENTETE, tableau.group())), lu))


@cache
def _lecteur() -> "MarkdownIt":
    from markdown_it import MarkdownIt  # late: heavy

    lecteur = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
    for regle, ecrire in (
        ("heading_open", _titre),
        ("heading_close", _titre),
        ("link_open", _lien),
        ("th_open", _entete),
        ("table_open", _table),
        ("table_close", lambda *_: APRES_TABLE),
    ):
        lecteur.add_render_rule(regle, ecrire)
    return lecteur


def _titre(rendu: "RendererHTML", mots: "Sequence[Token]", rang: int, options: Any, env: Any) -> str:
    niveau = min(max(int(mots[rang].tag[1:]), 2), 4)
    return f"</h{niveau}>\n" if mots[rang].nesting < 0 else f"<h{niveau}>"


def _lien(rendu: "RendererHTML", mots: "Sequence[Token]", rang: int, options: Any, env: Any) -> str:
    adresse = str(mots[rang].attrs["href"])
    dehors = adresse.startswith(("http:", "https:", "//"))
    return format_html('<a href="{}"{}>', adresse, mark_safe(' rel="noopener external"') if dehors else "")


def _entete(rendu: "RendererHTML", mots: "Sequence[Token]", rang: int, options: Any, env: Any) -> str:
    return '<th scope="col">'


def _table(rendu: "RendererHTML", mots: "Sequence[Token]", rang: int, options: Any, env: Any) -> str:
    return format_html(AVANT_TABLE, env["titre"], env["titre"])
