"""The team of a mission: who conducts it, who joins, who leaves."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from projets.mission import actions
from projets.mission.forms.equipe import EquipierForm
from projets.mission.models import Mission
from projets.mission.regles import empechement_de_composer
from projets.pages.mission import acces
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.texte.noms import par_nom


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def equipe(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = _mission(request, mission_id)
    formulaire = EquipierForm(request.POST if request.method == "POST" else None, mission=mission)
    return conduire(
        request,
        formulaire,
        lambda: actions.accueillir(
            mission=mission, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="projets/mission/equipe.html",
        contexte={
            "mission": mission,
            "equipe": list(mission.equipe.order_by(*par_nom())),
            "modifiable": acces.compose(request, mission),
            "empechement": empechement_de_composer(mission.etat),
        },
        succes="L’équipe est à jour.",
        vers=reverse("projets:equipe", args=[mission.pk]),
    )


@require_POST
@login_required
@une_seule_fois
def liberer(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    """Whoever takes themselves out goes back to the list: the mission is theirs no more."""
    mission = _mission(request, mission_id)
    partant = get_object_or_404(mission.equipe, pk=pk)
    actions.liberer(mission=mission, utilisateur=partant, acteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"{partant} ne fait plus partie de l’équipe.")
    return redirect("projets:liste") if partant == request.user else redirect("projets:equipe", mission.pk)


def _mission(request: HttpRequest, pk: int) -> Mission:
    return get_object_or_404(Mission.objects.composables_par(personne(request)), pk=pk)
