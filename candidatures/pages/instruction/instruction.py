"""Waves as the agents of the State read them, and what is asked of experts."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from candidatures.instruction.acces import avec_etat_de_vague_connu
from candidatures.instruction.avis.requetes import demandes_d_avis
from candidatures.pages.instruction.listes import ListeDesAvis, ListeDesVaguesCloses
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role

AGENTS = (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)


@require_safe
@role_requis(*AGENTS)
def vagues(request: HttpRequest) -> HttpResponse:
    """The closed waves, with how many files this person may read in each, by state."""
    moi, maintenant = personne(request), horloge_base()
    closes = avec_etat_de_vague_connu(Vague.objects.closes(maintenant), moi, maintenant)
    liste = ListeDesVaguesCloses(closes, request.GET, moi=moi)
    return render(request, "candidatures/instruction/vagues.html", liste.contexte)


@require_safe
@role_requis(Role.EXPERT)
def avis(request: HttpRequest) -> HttpResponse:
    """What is asked of this expert, what is due first."""
    liste = ListeDesAvis(demandes_d_avis(personne(request)), request.GET)
    return render(request, "candidatures/instruction/avis.html", liste.contexte)
