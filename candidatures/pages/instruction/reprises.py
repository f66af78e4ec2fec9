"""What a file taken over held elsewhere, on the State's side."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.pages.commun.reprises import reponse_d_export, reprise_de
from candidatures.pages.instruction.acces import instruit
from candidatures.pages.instruction.lecture.parcours import suite_de
from candidatures.reprise.presentation import presenter
from rebond.comptes.habilitations import role_requis
from territoires.etats import Role


@require_safe
@role_requis(Role.INSTRUCTEUR)
def du_service(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = instruit(request, pk)
    lue = presenter(reprise_de(dossier), agent=True)
    contexte = {"dossier": dossier, "reprise": lue, "retour": suite_de(request, None)}
    return render(request, "candidatures/instruction/reprise.html", contexte)


@require_safe
@role_requis(Role.INSTRUCTEUR)
def export_du_service(request: HttpRequest, pk: int, format_: str) -> HttpResponseBase:
    return reponse_d_export(instruit(request, pk), format_, agent=True)
