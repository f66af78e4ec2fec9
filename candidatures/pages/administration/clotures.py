"""The closing board of the administrateur."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.pages.administration.listes import ListeDesClotures
from candidatures.pages.administration.tableau_des_clotures import etat_du_portail, vagues_echues
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role


@require_safe
@role_requis(Role.ADMINISTRATEUR)
def clotures(request: HttpRequest) -> HttpResponse:
    maintenant = horloge_base()
    liste = ListeDesClotures(vagues_echues(maintenant), request.GET, maintenant=maintenant)
    contexte = {
        "maintenant": maintenant,
        "ouvertes": Vague.objects.ouvertes(maintenant),
        "etat": etat_du_portail(maintenant),
    }
    return render(request, "candidatures/administration/clotures.html", {**liste.contexte, **contexte})
