"""What a file taken over held elsewhere, on the territory's side."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.pages.commun.reprises import reponse_d_export, reprise_de
from candidatures.pages.territoire.acces import contexte, mon_dossier
from candidatures.reprise.presentation import presenter


@require_safe
@login_required
def reprise(request: HttpRequest, pk: int) -> HttpResponse:
    """The territory's side: without what was the service's own."""
    ouvert = mon_dossier(request, pk)
    lue = presenter(reprise_de(ouvert.candidature), agent=False)
    return render(request, "candidatures/territoire/reprise.html", contexte(ouvert, reprise=lue))


@require_safe
@login_required
def reprise_export(request: HttpRequest, pk: int, format_: str) -> HttpResponseBase:
    return reponse_d_export(mon_dossier(request, pk).candidature, format_, agent=False)
