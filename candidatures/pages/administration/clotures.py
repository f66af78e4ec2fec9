"""The closing board of the administrateur."""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.pages.administration.tableau_des_clotures import etat_du_portail, lignes, vagues_echues
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role

PAR_PAGE = 10


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def clotures(request: HttpRequest) -> HttpResponse:
    maintenant = horloge_base()
    page = Paginator(vagues_echues(maintenant), PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "maintenant": maintenant,
        "ouvertes": Vague.objects.ouvertes(maintenant),
        "etat": etat_du_portail(maintenant),
        "page": page,
        "lignes": lignes(page, maintenant),
    }
    return render(request, "candidatures/administration/clotures.html", contexte)
