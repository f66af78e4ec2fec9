"""Tags of the page components.

Those with nothing to compute are plain templates: `{% include "composants/alerte.html" with genre="info" texte=… %}`
(each one says at its top what it takes). The others are tags, here.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from django import template
from django.core.paginator import Page
from django.template import Context
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.safestring import SafeString

from rebond.socle.documents.lectures.requetes import mention_de_lecture, pages_dessinees
from rebond.socle.documents.lisibilites import est_illisible, mise_en_garde_de, usage_de
from rebond.socle.listes.cartes import en_cartes

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()

# « lisible, 4 pages »: of a document whose `lisibilite` the page has read.
register.filter("usage", usage_de)
register.filter("mention_de_lecture", mention_de_lecture)
register.filter("pages_dessinees", pages_dessinees)
register.filter("illisible", est_illisible)
register.filter("mise_en_garde", mise_en_garde_de)


@register.inclusion_tag("composants/fil.html")
def fil_ariane(*maillons: Any) -> dict[str, Any]:
    """Breadcrumb: label, URL, label, URL… and last the label of the current page. « Accueil » is added in front.

    `{% url 'vagues' as vagues %}{% fil_ariane "Les vagues" vagues "Vague 4" %}`
    """
    if len(maillons) % 2 == 0:
        raise template.TemplateSyntaxError("fil_ariane : libellé, adresse, …, puis le libellé de la page.")
    *parents, page = maillons
    return {"parents": _par_deux(parents), "page": page}


def _par_deux(valeurs: Sequence[Any]) -> list[tuple[Any, Any]]:
    return list(zip(valeurs[::2], valeurs[1::2], strict=True))


@register.simple_block_tag(end_name="fintableau")
def tableau(content: SafeString, legende: str, masquer_legende: bool = False) -> SafeString:
    """A DSFR table; under 992 px each of its rows is a card, and above it scrolls by itself, by keyboard too.

    `{% tableau "Dossiers de la vague 4" %}<thead>…</thead><tbody>…</tbody>{% fintableau %}`
    """
    return format_html(
        '<div class="fr-table fr-table--multiline rebond-table{}"><div class="fr-table__wrapper">'
        '<div class="fr-table__container" role="region" tabindex="0" aria-label="{}"><div class="fr-table__content">'
        '<table role="table"><caption>{}</caption>{}</table></div></div></div></div>',
        " fr-table--no-caption" if masquer_legende else "",
        legende,
        legende,
        SafeString(en_cartes(content)),
    )


@register.inclusion_tag("composants/entete_tri.html", takes_context=True)
def entete_tri(context: Context, cle: str, libelle: str, classe: str = "") -> dict[str, Any]:
    """A column header that sorts: `?tri=cle`, then `?tri=-cle`. The rest of the query string is kept, but the page."""
    request: HttpRequest = context["request"]
    tri = request.GET.get("tri", "")
    sens = "ascending" if tri == cle else "descending" if tri == f"-{cle}" else ""
    return {
        "request": request,
        "libelle": libelle,
        "classe": classe,
        "sens": sens,
        "suivant": f"-{cle}" if sens == "ascending" else cle,
    }


@register.inclusion_tag("composants/pagination.html", takes_context=True)
def pagination(
    context: Context, page: Page[Any], nom: str = "les pages de résultats", parametre: str = "page"
) -> dict[str, Any]:
    """Page links that keep the query string; nothing when everything fits on one page. `parametre`: what the address
    calls the page, where several lists share one."""
    return {
        "request": context["request"],
        "page": page,
        "parametre": parametre,
        "nom": nom,
        "numeros": list(page.paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)),
    }


@register.simple_tag(takes_context=True)
def adresse_de_page(context: Context, numero: int) -> str:
    """Where a link of the pagination goes."""
    demande = context["request"].GET.copy()
    demande[context["parametre"]] = numero
    return f"?{demande.urlencode()}"


@register.inclusion_tag("composants/definitions.html")
def definitions(paires: Iterable[tuple[Any, Any]]) -> dict[str, Any]:
    """A list of (label, value); an empty value is shown as « Non renseigné »."""
    return {"paires": [(libelle, valeur) for libelle, valeur in paires]}


@register.simple_tag(takes_context=True)
def page_precedente(context: Context) -> str:
    """The page of this portal that led here, or nothing: a link back never leaves the portal."""
    request: HttpRequest | None = context.get("request")
    if request is None:
        return ""
    venue = request.headers.get("Referer", "")
    sure = url_has_allowed_host_and_scheme(venue, {request.get_host()}, require_https=request.is_secure())
    return venue if sure else ""
