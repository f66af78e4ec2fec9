"""The texts of the portal: what everyone reads, and what an administrateur rewrites."""

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.portail.cookies import COOKIES
from rebond.portail.textes.actions import publier
from rebond.portail.textes.forms import RepriseForm, TexteForm
from rebond.portail.textes.listes import ListeDesVersionsDuTexte
from rebond.portail.textes.models import VersionDeTexte
from rebond.portail.textes.pages import PageDeTexte
from rebond.portail.textes.rendu import en_html
from rebond.portail.textes.requetes import Texte, texte_courant
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_safe
def texte(request: HttpRequest, page: PageDeTexte) -> HttpResponse:
    """What everyone reads. The cookies are told by the portal itself, whatever the text says of them."""
    lu = texte_courant(page)
    contexte = {
        **contexte_du_texte(request, page, lu),
        "corps": en_html(lu.texte, titre=page.label),
        "cookies": COOKIES if page is PageDeTexte.DONNEES else (),
        "dit_l_adresse": page is PageDeTexte.ACCESSIBILITE,
    }
    return render(request, "portail/textes/texte.html", contexte)


def contexte_du_texte(request: HttpRequest, page: PageDeTexte, lu: Texte) -> dict[str, Any]:
    """What the page of a text says around it."""
    peut = request.user.is_authenticated and a_le_role(personne(request), Role.ADMINISTRATEUR)
    return {"page": page, "lu": lu, "peut_modifier": peut}


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def modifier(request: HttpRequest, page: str) -> HttpResponse:
    """Rewrites a page. « Aperçu » shows what it would be, and publishes nothing."""
    visee = _page(page)
    formulaire = TexteForm(envoi(request), courant=texte_courant(visee), repris=_reprise(request, visee))
    contexte = {"page": visee, "apercu": ""}
    if "apercu" in request.POST:
        if formulaire.is_valid():
            contexte["apercu"] = en_html(formulaire.cleaned_data["texte"], titre=visee.label)
        return render(request, "portail/textes/modifier.html", {**contexte, "formulaire": formulaire})
    return conduire(
        request,
        formulaire,
        lambda: publier(page=visee, auteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data),
        gabarit="portail/textes/modifier.html",
        contexte=contexte,
        succes=f"La page «\u00a0{visee.label}\u00a0» est publiée.",
        vers=reverse(visee.nom),
    )


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def versions(request: HttpRequest, page: str) -> HttpResponse:
    visee = _page(page)
    liste = ListeDesVersionsDuTexte(VersionDeTexte.objects.filter(page=visee), request.GET)
    return render(request, "portail/textes/versions.html", {**liste.contexte, "visee": visee})


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def version(request: HttpRequest, page: str, version: int) -> HttpResponse:
    """A page as it was."""
    visee = _page(page)
    lue = get_object_or_404(VersionDeTexte.objects.select_related("auteur"), page=visee, version=version)
    contexte = {"page": visee, "lue": lue, "corps": en_html(lue.texte, titre=visee.label)}
    return render(request, "portail/textes/version.html", contexte)


def _page(valeur: str) -> PageDeTexte:
    try:
        return PageDeTexte(valeur)
    except ValueError:
        raise Http404 from None


def _reprise(request: HttpRequest, page: PageDeTexte) -> str:
    """The text of the former version that the address names, to be published again; empty without one."""
    voulue = RepriseForm(request.GET)
    reprise = VersionDeTexte.objects.filter(page=page, version=voulue.version).first() if voulue.version else None
    return reprise.texte if reprise else ""
