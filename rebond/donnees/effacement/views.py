"""Erasing a document: asked by one administrateur, signed by another."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from rebond.comptes.habilitations import role_requis
from rebond.donnees.effacement import actions
from rebond.donnees.effacement.forms import EffacementForm
from rebond.donnees.effacement.listes import ListeDesEffacements
from rebond.donnees.effacement.regles import empechement_de_signer
from rebond.donnees.effacement.requetes import ou_il_est
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def effacements(request: HttpRequest) -> HttpResponse:
    """What waits and what was done; the form that asks for one more."""
    formulaire = EffacementForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: actions.demander(acteur=personne(request), maintenant=horloge_base(), **formulaire.cleaned_data),
        gabarit="donnees/effacements.html",
        contexte=ListeDesEffacements(EffacementDeDocument.objects.all(), request.GET).contexte,
        succes="L’effacement est demandé\u00a0: un autre administrateur doit le signer.",
        vers=reverse("effacements"),
    )


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def effacement(request: HttpRequest, pk: int) -> HttpResponse:
    lu = _lu(pk)
    contexte = {
        "effacement": lu,
        "ou": ou_il_est(lu.document),
        "empechement": empechement_de_signer(lu, personne(request)),
    }
    return render(request, "donnees/effacement.html", contexte)


@require_POST
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def signer(request: HttpRequest, pk: int) -> HttpResponse:
    actions.signer(effacement=_lu(pk), acteur=personne(request), maintenant=horloge_base())
    return redirect("effacement", pk)


@require_POST
@role_requis(Role.ADMINISTRATEUR)
@une_seule_fois
def abandonner(request: HttpRequest, pk: int) -> HttpResponse:
    actions.abandonner(effacement=_lu(pk), acteur=personne(request), maintenant=horloge_base())
    messages.success(request, "La demande d’effacement est abandonnée\u00a0: le document reste.")
    return redirect("effacements")


def _lu(pk: int) -> EffacementDeDocument:
    return get_object_or_404(
        EffacementDeDocument.objects.select_related("document", "demande_par", "signe_par"), pk=pk
    )
