"""The file to print, to send, to keep: what it holds now, and each deposit."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from candidatures.pages.commun.exemplaires import ce_qui_est_ecrit, lire_le_depot, telecharger
from candidatures.pages.territoire.acces import mon_dossier
from rebond.socle.requete.limites import DOCUMENTS, limiter


@require_safe
@login_required
@limiter(DOCUMENTS)
def exemplaire(request: HttpRequest, pk: int, format_: str) -> HttpResponse:
    candidature = mon_dossier(request, pk).candidature
    return telecharger(request, ce_qui_est_ecrit(candidature).exemplaire, format_)


@require_safe
@login_required
@limiter(DOCUMENTS)
def exemplaire_depose(request: HttpRequest, pk: int, rang: int, format_: str) -> HttpResponse:
    candidature = mon_dossier(request, pk).candidature
    depot = get_object_or_404(candidature.depots, rang=rang)
    return telecharger(request, lire_le_depot(candidature, depot).exemplaire, format_)
