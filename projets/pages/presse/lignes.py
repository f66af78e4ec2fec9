"""The rows behind each figure of a release: read page by page, when somebody opens them."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from projets.chiffres import PREFIXE_ENSEMBLE, Chiffre, Chiffres, calculer_un
from projets.communique.figees import chiffres_figes
from projets.publication.models import Communique
from rebond.comptes.habilitations import role_requis
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.preuve.instantane import instantane
from rebond.socle.requete.pages import page_demandee
from territoires.etats import Role

PAR_PAGE = 100


def a_montrer(chiffres: Chiffres) -> dict[str, Chiffre]:
    """Those whose rows are shown: those of all missions would only repeat them."""
    return {cle: chiffre for cle, chiffre in chiffres.items() if not cle.startswith(PREFIXE_ENSEMBLE)}


def avec_lignes(chiffres: Chiffres, adresse: str, argument: Any) -> list[tuple[Chiffre, str]]:
    """Each figure, and where its rows are, when it has some of its own to show. None of them is read."""
    montres = a_montrer(chiffres)
    return [
        (chiffre, reverse(adresse, args=[argument, cle]) if cle in montres and chiffre.compte.nombre else "")
        for cle, chiffre in chiffres.items()
    ]


@require_safe
@role_requis(Role.PRESSE)
def du_projet(request: HttpRequest, au: date, cle: str) -> HttpResponse:
    if au > jour_de_paris(horloge_base()):
        raise Http404
    with instantane():
        return _page(request, calculer_un(cle, au=au), cle, reverse("presse:projet", args=[au]), "Projet")


@require_safe
@role_requis(Role.PRESSE)
def du_communique(request: HttpRequest, pk: int, cle: str) -> HttpResponse:
    fige = get_object_or_404(Communique.objects.legers(), pk=pk)
    retour = reverse("presse:communique", args=[pk])
    return _page(request, chiffres_figes(fige), cle, retour, "Texte arrêté")


def _page(request: HttpRequest, chiffres: Chiffres, cle: str, retour: str, titre: str) -> HttpResponse:
    chiffre = a_montrer(chiffres).get(cle)
    if chiffre is None:
        raise Http404
    page = page_demandee(chiffre.lignes, request.GET.get("page"), par_page=PAR_PAGE)
    lignes = tuple(page.object_list)
    contexte = {
        "chiffre": chiffre,
        "page": page,
        "lignes": lignes,
        "retour": retour,
        "titre_retour": titre,
        "embargo": chiffres.embargo(horloge_base()),
    }
    return render(request, "projets/presse/lignes.html", contexte)
