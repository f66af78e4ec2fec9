"""A deposit and its attachments in one PDF: asked for, then downloaded."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_POST, require_safe

from candidatures.depot.models import Depot
from candidatures.depot.reliure import actions
from candidatures.depot.reliure.regles import SE_PREPARE
from candidatures.depot.reliure.requetes import du_territoire, remise
from candidatures.pages.territoire.acces import mon_dossier
from rebond.socle.documents import stockage as documents
from rebond.socle.formulaires.vues import personne
from rebond.socle.requete.envois import une_seule_fois


@require_POST
@login_required
@une_seule_fois
def relier(request: HttpRequest, pk: int, rang: int) -> HttpResponse:
    actions.demander(depot=_depot(request, pk, rang), auteur=personne(request))
    messages.success(request, SE_PREPARE)
    return redirect("candidatures:depot", pk, rang)


@require_safe
@login_required
def dossier_relie(request: HttpRequest, pk: int, rang: int) -> HttpResponseBase:
    """A 404 as long as it is not made, and when something of it must not be read any more."""
    depot = _depot(request, pk, rang)
    pieces = depot.pieces.select_related("document__analyse", "document__effacement")
    reliure = remise(du_territoire(depot), pieces)
    if reliure is None or reliure.document is None:
        raise Http404
    return documents.reponse(reliure.document, reliure.nom)


def _depot(request: HttpRequest, pk: int, rang: int) -> Depot:
    siens = mon_dossier(request, pk).candidature.depots.select_related("reliure__document")
    return get_object_or_404(siens, rang=rang)
