"""Ways of looking at a wave that one keeps: enregistrer, ouvrir, supprimer."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST

from candidatures.instruction.vues_enregistrees import actions
from candidatures.instruction.vues_enregistrees.forms import VueForm
from candidatures.instruction.vues_enregistrees.models import VueEnregistree
from candidatures.instruction.vues_enregistrees.requetes import vues_de
from candidatures.pages.instruction.instruction import AGENTS
from candidatures.pages.instruction.vague.ma_vague import vague_close
from candidatures.pages.instruction.vague.presentation import demande_gardee
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import conduire, envoi, personne
from rebond.socle.requete.envois import une_seule_fois


@require_http_methods(["GET", "HEAD", "POST"])
@role_requis(*AGENTS)
@une_seule_fois
def vues(request: HttpRequest, numero: int) -> HttpResponse:
    """Those that one may open on this wave; the form keeps the one that the list has just shown."""
    vague, moi = vague_close(request, numero), personne(request)
    initiale = {"demande": demande_gardee(request.GET)}
    formulaire = VueForm(envoi(request), personne=moi, initial=initiale)

    def enregistrer() -> Any:
        lues = formulaire.cleaned_data
        lues["demande"] = demande_gardee(QueryDict(lues["demande"]))
        return actions.enregistrer(personne=moi, **lues)

    return conduire(
        request,
        formulaire,
        enregistrer,
        gabarit="candidatures/instruction/vues.html",
        contexte={"vague": vague, "vues": list(vues_de(moi)), "moi": moi},
        succes="La vue est enregistrée.",
        vers=reverse("instruction:vues", args=[numero]),
    )


@require_POST
@role_requis(*AGENTS)
@une_seule_fois
def supprimer(request: HttpRequest, numero: int, pk: int) -> HttpResponse:
    # Before the wave: whoever it does not belong to is answered the same, whether the wave is there or not.
    trouvee = get_object_or_404(VueEnregistree, proprietaire=personne(request), pk=pk)
    vague = vague_close(request, numero)
    actions.oublier(vue=trouvee)
    messages.success(request, "La vue est supprimée.")
    return redirect("instruction:vues", vague.numero)
