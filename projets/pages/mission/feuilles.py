"""The roadmap of a mission: read by whoever sees the mission, written by its team."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projets.feuille_de_route import actions
from projets.feuille_de_route.forms import AxeForm
from projets.feuille_de_route.models import Axe, FeuilleDeRoute
from projets.mission.models import Mission
from projets.pages.mission import acces
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_fois_par_cle, une_seule_fois


@require_safe
@login_required
def feuille_de_route(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.lire(request, mission_id)
    contexte = {
        "mission": mission,
        "feuille": FeuilleDeRoute.objects.filter(mission=mission).first(),
        "axes": list(_axes(mission).prefetch_related("actions", "epcis")),
        "modifiable": acces.modifiable(request, mission),
    }
    return render(request, "projets/mission/feuille_de_route.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def ajouter_axe(request: HttpRequest, mission_id: int) -> HttpResponse:
    return _ecrire(request, acces.modifier(request, mission_id), None)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def modifier_axe(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    return _ecrire(request, mission, get_object_or_404(_axes(mission), pk=pk))


def _ecrire(request: HttpRequest, mission: Mission, axe: Axe | None) -> HttpResponse:
    formulaire = AxeForm(envoi(request), mission=mission, axe=axe)
    return conduire(
        request,
        formulaire,
        lambda: actions.ecrire_axe(
            mission=mission,
            axe=axe,
            **formulaire.cleaned_data,
            actions=formulaire.lignes.lignes,
            acteur=personne(request),
            maintenant=horloge_base(),
        ),
        gabarit="projets/mission/axe_form.html",
        contexte={"mission": mission, "axe": axe},
        succes="L’axe est enregistré.",
        vers=reverse("conduite:feuille_de_route", args=[mission.pk]),
    )


@require_POST
@login_required
@une_fois_par_cle
def deplacer_axe(request: HttpRequest, mission_id: int, pk: int, *, vers_le_haut: bool) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    axe = get_object_or_404(_axes(mission), pk=pk)
    actions.deplacer_axe(axe=axe, vers_le_haut=vers_le_haut, acteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"L’axe « {axe.titre} » est déplacé.")
    return redirect(f"{reverse('conduite:feuille_de_route', args=[mission.pk])}#axe-{axe.pk}")


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def retirer_axe(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    """A page that asks first: nothing brings an axis back."""
    mission = acces.modifier(request, mission_id)
    axe = get_object_or_404(_axes(mission).prefetch_related("actions"), pk=pk)
    if request.method == "POST":
        actions.retirer_axe(axe=axe, acteur=personne(request), maintenant=horloge_base())
        messages.success(request, f"L’axe « {axe.titre} » est retiré.")
        return redirect("conduite:feuille_de_route", mission.pk)
    return render(request, "projets/mission/axe_retirer.html", {"mission": mission, "axe": axe})


def _axes(mission: Mission) -> QuerySet[Axe]:
    return Axe.objects.filter(feuille__mission=mission).select_related("feuille__mission")
