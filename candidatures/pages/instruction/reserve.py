"""The reserve under which a file was received, as those who read it whole see it, and its lifting."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from candidatures.depot.models import Depot
from candidatures.depot.requetes import chef_depose, porteur_de, qui_tient
from candidatures.dossier.models.contestations import Contestation
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import a_instruire_par, avec_etat_connu
from candidatures.instruction.regles import empechement_de_lever_la_reserve
from candidatures.instruction.reserve.actions import lever_la_reserve
from candidatures.instruction.reserve.forms import LeveeForm
from rebond.comptes.habilitations import role_requis
from rebond.comptes.rattachements.requetes import est_rattache
from rebond.socle.formulaires.vues import conduire, envoi, exiger, personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.requete.envois import une_seule_fois
from territoires.etats import Role


def reserve_lue(dossier: Candidature, depot: Depot) -> dict[str, Any]:
    """What the page of a file says of its reserve; nothing when it was received without."""
    if not dossier.sous_reserve:
        return {"sous_reserve": False}
    siren, nom = chef_depose(depot)
    porteur = porteur_de(dossier)
    return {
        "sous_reserve": True,
        "chef_de_file": nom,
        "responsable": porteur,
        "lien_prouve": porteur is not None and est_rattache(porteur, [siren]),
        "contestations": list(Contestation.objects.retenues().filter(candidature=dossier)),
        "tenant": qui_tient(dossier, depot),
    }


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(Role.INSTRUCTEUR)
@une_seule_fois
def lever(request: HttpRequest, pk: int) -> HttpResponse:
    moi = personne(request)
    a_instruire = avec_etat_connu(a_instruire_par(moi), moi, horloge_base()).pour_lecture()
    lu = get_object_or_404(a_instruire, pk=pk)
    signale = Contestation.objects.retenues().filter(candidature=lu).exists()
    exiger(request, empechement_de_lever_la_reserve(lu.etat_connu, sous_reserve=lu.sous_reserve, signale=signale))
    depot = get_object_or_404(Depot.objects.qui_comptent().filter(candidature=lu))
    formulaire = LeveeForm(envoi(request))
    return conduire(
        request,
        formulaire,
        lambda: lever_la_reserve(
            candidature=lu, motif=formulaire.cleaned_data["motif"], auteur=moi, maintenant=horloge_base()
        ),
        gabarit="candidatures/instruction/lever_la_reserve.html",
        contexte={"dossier": lu, "chef_de_file": chef_depose(depot)[1], "responsable": porteur_de(lu)},
        succes="La réserve est levée\u00a0: le dossier tient son territoire.",
        vers=reverse("instruction:dossier", args=[pk]),
    )
