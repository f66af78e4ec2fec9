"""The lifting of the reserve under which a file was received."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_http_methods

from candidatures.depot.models import Depot
from candidatures.depot.requetes import chef_depose, porteur_de
from candidatures.dossier.models.contestations import Contestation
from candidatures.instruction.acces import a_instruire_par, avec_etat_connu
from candidatures.instruction.regles import empechement_de_lever_la_reserve
from candidatures.instruction.reserve.actions import lever_la_reserve
from candidatures.instruction.reserve.forms import LeveeForm
from candidatures.instruction.revision.requetes import avec_revision
from candidatures.pages.instruction.lecture.actes import conduire_l_acte
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def lever(request: HttpRequest, pk: int) -> HttpResponse:
    moi = personne(request)
    a_instruire = avec_revision(avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_lecture())
    lu = get_object_or_404(a_instruire, pk=pk)
    signale = Contestation.objects.retenues().filter(candidature=lu).exists()
    exiger(request, empechement_de_lever_la_reserve(lu.etat_connu, sous_reserve=lu.sous_reserve, signale=signale))
    depot = get_object_or_404(Depot.objects.qui_comptent().filter(candidature=lu))
    formulaire = LeveeForm(envoi(request))
    return conduire_l_acte(
        request,
        lu,
        formulaire,
        lambda: lever_la_reserve(
            candidature=lu, motif=formulaire.cleaned_data["motif"], auteur=moi, maintenant=horloge_base()
        ),
        gabarit="candidatures/instruction/lever_la_reserve.html",
        succes="La réserve est levée\u00a0: ce dossier est celui du territoire.",
        chef_de_file=chef_depose(depot)[1],
        responsable=porteur_de(lu),
    )
