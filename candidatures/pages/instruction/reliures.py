"""The deposit that counts and its attachments in one PDF, for whoever reads the file whole."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from candidatures.depot.models import Depot
from candidatures.depot.reliure import actions
from candidatures.depot.reliure.regles import SE_PREPARE
from candidatures.depot.reliure.requetes import remise
from candidatures.instruction.acces import lus_en_entier_par
from candidatures.pages.instruction.dossiers import LECTEURS
from candidatures.pages.instruction.lecture.parcours import suite_de
from rebond.comptes.habilitations import role_requis
from rebond.socle.documents import stockage as documents
from rebond.socle.formulaires.vues import personne
from rebond.socle.requete.envois import une_seule_fois


@require_POST
@role_requis(*LECTEURS)
@une_seule_fois
def relier(request: HttpRequest, pk: int) -> HttpResponse:
    actions.demander(depot=_depot(request, pk), auteur=personne(request), territoire=False)
    messages.success(request, SE_PREPARE)
    return redirect(reverse("instruction:dossier", args=[pk]) + suite_de(request, None))


@require_safe
@role_requis(*LECTEURS)
def dossier_relie(request: HttpRequest, pk: int) -> HttpResponseBase:
    """A 404 as long as it is not made, and when something of it must not be read any more."""
    depot = _depot(request, pk)
    pieces = depot.pieces.select_related("document__analyse", "document__effacement")
    reliure = remise(getattr(depot, "reliure", None), pieces)
    if reliure is None or reliure.document is None:
        raise Http404
    return documents.reponse(reliure.document, reliure.nom)


def _depot(request: HttpRequest, pk: int) -> Depot:
    """The one that counts; a 404 for an expert, who reads no receipt: it holds what receipts say."""
    lus = lus_en_entier_par(personne(request)).values("pk")
    depots = Depot.objects.qui_comptent().filter(candidature__in=lus, candidature=pk)
    return get_object_or_404(depots.select_related("reliure__document"))
