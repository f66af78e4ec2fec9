"""`{% liste liste %}`: the filters, the count, the table, the pages and the downloads of a list."""

from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.template.loader import get_template
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from rebond.socle.listes import Colonne, Liste
from rebond.socle.listes.tableaux import TYPES_MIME
from rebond.socle.templatetags.composants import entete_tri
from rebond.socle.texte.typographie import compte

if TYPE_CHECKING:
    from django.http import HttpRequest

register = template.Library()


@register.simple_tag(takes_context=True)
def liste(context: Context, declaree: Liste) -> SafeString:
    """Shows `declaree`, in the context of its page: its cells and its foot may read what the view gave."""
    with context.push(liste=declaree, page=declaree.page):
        return _rendre("composants/liste.html", context)


@register.simple_tag(takes_context=True)
def entete_de(context: Context, declaree: Liste, colonne: Colonne) -> SafeString:
    """The title of a column; a link that sorts by it when it can be sorted by."""
    classe = "rebond-nombre" if colonne.genre.numerique else ""
    if colonne.tri is False:
        attribut = format_html(' class="{}"', classe) if classe else ""
        return format_html('<th scope="col"{}>{}</th>', attribut, colonne.libelle)
    entete = entete_tri(context, colonne.cle, colonne.libelle, classe)
    return _rendre("composants/entete_tri.html", context.new(entete))


def _rendre(gabarit: str, context: Context) -> SafeString:
    """Within the page: what its view and its context processors gave is there."""
    return SafeString(get_template(gabarit).template.render(context))  # type: ignore[attr-defined]


@register.simple_tag
def compte_de(declaree: Liste) -> str:
    """« 88 dossiers »."""
    return compte(declaree.page.paginator.count, *declaree.unite)


@register.simple_tag(takes_context=True)
def cellule(context: Context, declaree: Liste, colonne: Colonne, ligne: Any) -> SafeString:
    valeur = colonne.lire(ligne)
    dit: str
    if colonne.cellule:
        with context.push(**{"ligne": ligne, "valeur": valeur, declaree.objet: ligne}):
            dit = SafeString(_rendre(colonne.cellule, context).strip())
    else:
        dit = colonne.ecrire(valeur)
        if colonne.adresse and (adresse := colonne.adresse(ligne)):
            dit = format_html('<a href="{}">{}</a>', adresse, dit)
    if colonne.entete:
        # « R14-0042 » is one word.
        entier = SafeString(' class="rebond-reference"' if colonne.cle == "reference" else "")
        return format_html('<th scope="row"{}>{}</th>', entier, dit)
    return format_html("<td{}>{}</td>", SafeString(' class="rebond-nombre"' if colonne.genre.numerique else ""), dit)


@register.simple_tag(takes_context=True)
def archive_de(context: Context, declaree: Liste, nom: str) -> str:
    """The address of the archive of the same selection (`adresse_d_archive`); empty for a list that shows nothing."""
    montre = not declaree.illisible and declaree.page.paginator.count
    return reverse(f"{nom}_zip", args=declaree.arguments) + _meme_demande(context) if montre else ""


def _meme_demande(context: Context) -> str:
    request: HttpRequest = context["request"]
    demande = request.GET.copy()
    demande.pop("page", None)
    return f"?{demande.urlencode()}" if demande else ""


@register.simple_tag(takes_context=True)
def telechargements(context: Context, declaree: Liste) -> list[tuple[str, str]]:
    """(format, address) of the downloads of the same selection."""
    suite = _meme_demande(context)
    return [
        (format_.upper(), reverse(f"{declaree.telechargement}_{format_}", args=declaree.arguments) + suite)
        for format_ in TYPES_MIME
        if declaree.telechargement
    ]
