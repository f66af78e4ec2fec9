"""One project: what is known of it, what was estimated and when, and what its mission may do with it."""

from collections.abc import Callable, Mapping
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projets.enveloppe import actions as enveloppes
from projets.enveloppe.forms import OrientationForm
from projets.mission.forms.missions import AnnulationForm
from projets.mission.lecture import historique
from projets.mission.models import Mission
from projets.pages.mission import acces
from projets.portefeuille import actions
from projets.portefeuille.actes import ACTES_A_FAIRE, ActeDeProjet
from projets.portefeuille.forms import AbandonForm, EstimationForm, ModificationForm
from projets.portefeuille.models import Projet
from projets.portefeuille.regles import (
    ACTES_SIMPLES,
    actes_possibles,
    empechement_d_abandonner,
    empechement_d_orienter,
    empechement_de_changer_un_projet,
)
from rebond.socle.formulaires.vues import conduire, exiger, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.envois import une_seule_fois


@require_safe
@login_required
def projet(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.lire(request, mission_id)
    lu = _projet(mission, pk)
    modifiable = acces.modifiable(request, mission) and not empechement_de_changer_un_projet(annule=lu.est_annule)
    possibles = actes_possibles(lu.etat) if modifiable else []
    contexte = {
        "mission": mission,
        "projet": lu,
        "concours": getattr(lu, "concours", None),
        "estimations": list(lu.estimations.select_related("auteur").order_by("-au", "-pk")),
        "historique": historique(lu),
        "modifiable": modifiable,
        "peut_orienter": modifiable and not empechement_d_orienter(lu.etat),
        "actes": [(acte, ACTES_A_FAIRE[acte], acte in ACTES_SIMPLES) for acte in possibles],
        "peut_annuler": modifiable and lu.empechement_d_annuler is None,
    }
    return render(request, "projets/mission/projet.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def modifier(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    lu = _a_changer(request, mission, pk)
    formulaire = ModificationForm(_recu(request), mission=mission, initial=ModificationForm.saisie_de(lu))
    return _conduire(
        request,
        lu,
        formulaire,
        lambda: actions.modifier(
            projet=lu, champs=formulaire.cleaned_data, acteur=personne(request), maintenant=horloge_base()
        ),
        titre="Modifier la description",
        succes="La description du projet est à jour.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def estimer(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    """A new estimate; it starts from the last one, which stays in the history."""
    mission = acces.modifier(request, mission_id)
    lu = _a_changer(request, mission, pk)
    maintenant = horloge_base()
    aujourd_hui = jour_de_paris(maintenant)
    mesures = lu.estimations.values("investissement", "emplois_potentiels", "emplois_previsionnels")
    derniere: Mapping[str, Any] = mesures.last() or {}
    formulaire = EstimationForm(_recu(request), aujourd_hui=aujourd_hui, initial={"au": aujourd_hui, **derniere})
    return _conduire(
        request,
        lu,
        formulaire,
        lambda: actions.reestimer(
            projet=lu, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        titre="Nouvelle estimation",
        succes="L’estimation est enregistrée ; les précédentes restent dans l’historique.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def orienter(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    mission = acces.modifier(request, mission_id)
    lu = _a_changer(request, mission, pk)
    exiger(request, empechement_d_orienter(lu.etat))
    maintenant = horloge_base()
    aujourd_hui = jour_de_paris(maintenant)
    formulaire = OrientationForm(
        _recu(request),
        mission=mission,
        structurant=lu.structurant,
        aujourd_hui=aujourd_hui,
        initial={"voie": lu.voie, "enveloppe": lu.enveloppe, "oriente_le": lu.oriente_le or aujourd_hui},
    )
    return _conduire(
        request,
        lu,
        formulaire,
        lambda: enveloppes.orienter(
            projet=lu, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        titre="Orienter le projet",
        succes="Le projet est orienté.",
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def abandonner(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    """When and why: nothing brings a project back, and its aid is freed."""
    mission = acces.modifier(request, mission_id)
    lu = _a_changer(request, mission, pk)
    exiger(request, empechement_d_abandonner(lu.etat))
    maintenant = horloge_base()
    aujourd_hui = jour_de_paris(maintenant)
    formulaire = AbandonForm(_recu(request), aujourd_hui=aujourd_hui, initial={"abandonne_le": aujourd_hui})
    return conduire(
        request,
        formulaire,
        lambda: enveloppes.abandonner(
            projet=lu, acteur=personne(request), maintenant=maintenant, **formulaire.cleaned_data
        ),
        gabarit="projets/mission/projet_abandonner.html",
        contexte={"mission": mission, "projet": lu},
        succes="L’abandon du projet est noté.",
        vers=reverse("projets:projet", args=[mission.pk, lu.pk]),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def annuler(request: HttpRequest, mission_id: int, pk: int) -> HttpResponse:
    """For what should never have been entered; the page tells it apart from an abandonment."""
    mission = acces.modifier(request, mission_id)
    lu = _projet(mission, pk)
    exiger(request, lu.empechement_d_annuler)
    formulaire = AnnulationForm(_recu(request))
    return conduire(
        request,
        formulaire,
        lambda: actions.annuler(
            projet=lu, acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data
        ),
        gabarit="projets/mission/projet_annuler.html",
        contexte={"mission": mission, "projet": lu},
        succes="Ce projet est annulé : il ne compte plus nulle part.",
        vers=reverse("projets:projet", args=[mission.pk, lu.pk]),
    )


@require_POST
@login_required
@une_seule_fois
def faire(request: HttpRequest, mission_id: int, pk: int, acte: str) -> HttpResponse:
    """An act that needs nothing but its name; a forbidden one is refused by the transition table (409)."""
    mission = acces.modifier(request, mission_id)
    lu = _projet(mission, pk)
    if acte not in ACTES_SIMPLES:
        raise Http404
    fait = actions.faire(projet=lu, acte=ActeDeProjet.de(acte), acteur=personne(request), maintenant=horloge_base())
    messages.success(request, f"C’est noté. État du projet : {fait.get_etat_display()}.")
    return redirect("projets:projet", mission.pk, lu.pk)


def _projet(mission: Mission, pk: int) -> Projet:
    return get_object_or_404(mission.projets.pour_liste(), pk=pk)


def _a_changer(request: HttpRequest, mission: Mission, pk: int) -> Projet:
    lu = _projet(mission, pk)
    exiger(request, empechement_de_changer_un_projet(annule=lu.est_annule))
    return lu


def _recu(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _conduire(
    request: HttpRequest, lu: Projet, formulaire: Any, agir: Callable[[], Any], *, titre: str, succes: str
) -> HttpResponse:
    return conduire(
        request,
        formulaire,
        agir,
        gabarit="projets/mission/acte_projet.html",
        contexte={"mission": lu.mission, "projet": lu, "titre": titre},
        succes=succes,
        vers=reverse("projets:projet", args=[lu.mission_id, lu.pk]),
    )
