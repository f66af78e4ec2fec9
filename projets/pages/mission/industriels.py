"""The companies of a mission: those met, and those still to meet."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from projets.mission import actions
from projets.mission.forms.missions import AnnulationForm, IndustrielForm, saisie_de
from projets.mission.lecture import annules
from projets.mission.models import Mission
from projets.mission.regles import empechement_d_annuler_un_industriel
from projets.pages.mission import acces
from projets.pages.mission.listes import ListeDesIndustriels
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.envois import une_seule_fois


@require_safe
@login_required
def industriels(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.lire(request, mission_id)
    portes = Count("projets", filter=Q(projets__annule_le=None))
    lus = mission.industriels.retenus().annotate(nombre_projets=portes)
    modifiable = acces.modifiable(request, mission)
    liste = ListeDesIndustriels(lus, request.GET, mission=mission, sans=() if modifiable else ["corriger"])
    contexte = {"mission": mission, "modifiable": modifiable, "annules": annules(mission.industriels.all())}
    return render(request, "projets/mission/industriels.html", {**liste.contexte, **contexte})


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def ajouter(request: HttpRequest, mission_id: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    maintenant = horloge_base()
    formulaire = IndustrielForm(_recu(request), mission=mission, aujourd_hui=jour_de_paris(maintenant))
    return _conduire(
        request,
        mission,
        formulaire,
        lambda: actions.rencontrer(
            mission=mission, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        titre="Ajouter une entreprise",
        succes="L’entreprise est ajoutée à la mission.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def modifier(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    industriel = get_object_or_404(mission.industriels.retenus().select_related("epci"), pk=pk)
    maintenant = horloge_base()
    formulaire = IndustrielForm(
        _recu(request),
        mission=mission,
        aujourd_hui=jour_de_paris(maintenant),
        initial=saisie_de(industriel),
    )
    return _conduire(
        request,
        mission,
        formulaire,
        lambda: actions.modifier_industriel(
            industriel=industriel, champs=formulaire.cleaned_data, acteur=personne(request), maintenant=maintenant
        ),
        titre=f"Modifier {industriel}",
        succes="L’entreprise est à jour.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def annuler(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    industriel = get_object_or_404(mission.industriels.retenus(), pk=pk)
    formulaire = AnnulationForm(_recu(request))
    return conduire(
        request,
        formulaire,
        lambda: actions.annuler_industriel(
            industriel=industriel, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="projets/mission/industriel_annuler.html",
        contexte={
            "mission": mission,
            "industriel": industriel,
            "empechement": empechement_d_annuler_un_industriel(
                annule=False, projets=industriel.projets.retenus().count()
            ),
        },
        succes="Cette entreprise est annulée : elle ne compte plus nulle part.",
        vers=reverse("projets:industriels", args=[mission.pk]),
    )


def _recu(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _conduire(
    request: HttpRequest, mission: Mission, formulaire: IndustrielForm, agir: Any, *, titre: str, succes: str
) -> HttpResponse:
    return conduire(
        request,
        formulaire,
        agir,
        gabarit="projets/mission/industriel_form.html",
        contexte={"mission": mission, "titre": titre},
        succes=succes,
        vers=reverse("projets:industriels", args=[mission.pk]),
    )
