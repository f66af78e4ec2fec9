"""What a file taken over held elsewhere, on the State's side."""

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par
from candidatures.pages.commun.reprises import reponse_d_export, reprise_de
from candidatures.reprise.presentation import presenter
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import personne
from territoires.etats import Role


@require_safe
@role_requis(Role.INSTRUCTEUR)
def du_service(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = _instruit(request, pk)
    lue = presenter(reprise_de(dossier), agent=True)
    return render(request, "candidatures/instruction/reprise.html", {"dossier": dossier, "reprise": lue})


@require_safe
@role_requis(Role.INSTRUCTEUR)
def export_du_service(request: HttpRequest, pk: int, format_: str) -> HttpResponseBase:
    return reponse_d_export(_instruit(request, pk), format_, agent=True)


def _instruit(request: HttpRequest, pk: int) -> Candidature:
    return get_object_or_404(a_instruire_par(personne(request)).pour_lecture(), pk=pk)
