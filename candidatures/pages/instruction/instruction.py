"""Waves and files as the agents of the State read them."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.depot.retours import accuses_non_arrives
from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import avec_etat_de_vague_connu, suivis_par
from candidatures.instruction.avis.requetes import demandes_d_avis
from candidatures.instruction.comptes import etats_par_vague
from candidatures.instruction.filtres import FiltresDesDossiers
from candidatures.pages.instruction.listes import ListeDesAvis, ListeDesDossiers, ListeDesVaguesCloses
from candidatures.pages.instruction.proces_verbaux import lit_les_proces_verbaux
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes import Extrait, tableaux
from rebond.socle.texte.typographie import instant_fr
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
@role_requis(*AGENTS)
def vague(request: HttpRequest, numero: int) -> HttpResponse:
    """The files of one wave: searched, filtered and sorted in SQL."""
    vague, liste = _dossiers(request, numero)
    contexte = {
        "vague": vague,
        "valideur": a_le_role(request.user, Role.VALIDEUR),
        "lit_le_proces_verbal": lit_les_proces_verbaux(request),
    }
    entiere = {} if _est_cherchee(request) else _de_toute(request, vague)
    return render(request, "candidatures/instruction/vague.html", {**liste.contexte, **contexte, **entiere})


def _est_cherchee(request: HttpRequest) -> bool:
    """Whether more is asked of the list than a state: it counts fewer files than those of the wave."""
    return any(request.GET.get(filtre) for filtre in FiltresDesDossiers.base_filters if filtre != "etat")


def _de_toute(request: HttpRequest, vague: Vague) -> dict[str, Any]:
    """What is said of the whole wave above its list: its files by state, receipts that did not arrive."""
    moi = personne(request)
    etats = etats_par_vague(moi, [vague.pk])[vague.pk]
    siens = suivis_par(moi).filter(vague=vague).values("candidature")
    return {
        "etats": [(etat, etats[etat]) for etat in EtatCandidature if etat in etats],
        "accuses_perdus": accuses_non_arrives(siens, f"R{vague.numero}-"),
    }


@require_safe
@role_requis(*AGENTS)
def export(request: HttpRequest, numero: int) -> HttpResponse:
    """The same list, whole, as a file."""
    vague, liste = _dossiers(request, numero)
    mentions = [f"Vague {vague.numero} – dossiers en instruction au {instant_fr(horloge_base())} (heure de Paris)"]
    if liste.selection.order_by().filter(candidature__demonstration=True).exists():
        mentions.insert(0, tableaux.MENTION_DEMONSTRATION)
    return Extrait(liste, mentions, revue=True)


def _dossiers(request: HttpRequest, numero: int) -> tuple[Vague, ListeDesDossiers]:
    moi, maintenant = personne(request), horloge_base()
    closes = avec_etat_de_vague_connu(Vague.objects.closes(maintenant), moi, maintenant)
    vague = get_object_or_404(closes, numero=numero)
    dossiers = suivis_par(moi).filter(vague=vague)
    nom = f"vague-{numero}-dossiers"
    return vague, ListeDesDossiers(dossiers, request.GET, moi=moi, vague=vague, arguments=[numero], fichier=nom)


@require_safe
@role_requis(Role.EXPERT)
def avis(request: HttpRequest) -> HttpResponse:
    """What is asked of this expert, what is due first."""
    liste = ListeDesAvis(demandes_d_avis(personne(request)), request.GET)
    return render(request, "candidatures/instruction/avis.html", liste.contexte)
