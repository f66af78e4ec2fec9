"""« Rechercher »: one field, one page, whatever one may see and nothing else."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from candidatures.dossier.recherche import MesDossiers
from candidatures.instruction.recherche.sources import DossiersLus
from candidatures.vagues.recherche import Vagues
from projets.mission.recherche import Entreprises, Missions
from projets.portefeuille.recherche import Projets
from projets.publication.recherche import Communiques
from rebond.comptes.gestion.recherche import Comptes
from rebond.portail.recherche.aide import Aide
from rebond.recherche.demande import lire
from rebond.recherche.requetes import Groupe, chercher
from rebond.recherche.source import Recherche, Source
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from territoires.sources import Intercommunalites

#: What each app gives to search, in the order of the page.
SOURCES: tuple[Source, ...] = (
    MesDossiers(),
    DossiersLus(),
    Missions(),
    Projets(),
    Entreprises(),
    Communiques(),
    Vagues(),
    Comptes(),
    Intercommunalites(),
    Aide(),
)
#: Of each kind, on the page of all of them, and on its own.
DE_CHACUN, D_UN_SEUL = 5, 30


@never_cache
@require_safe
@login_required
def rechercher(request: HttpRequest) -> HttpResponse:
    """`?q=` in all kinds of things, or in one of them (`&dans=`): any other name of a kind is none."""
    demande = lire(request.GET.get("q", ""))
    seules = [source for source in SOURCES if source.genre == request.GET.get("dans")]
    recherche = Recherche(demande, personne(request), horloge_base(), D_UN_SEUL if seules else DE_CHACUN)
    groupes = chercher(recherche, seules or SOURCES)
    contexte: dict[str, Any] = {
        "demande": demande,
        "seule": seules[0] if seules else None,
        "groupes": [(groupe, _suite(groupe, recherche)) for groupe in groupes],
        "proches": bool(groupes) and groupes[0].proches,
        "toutes": f"{reverse('recherche')}?{urlencode({'q': demande.saisie})}",
    }
    return render(request, "portail/recherche/resultats.html", contexte)


def _suite(groupe: Groupe, recherche: Recherche) -> str:
    """Where the rest of a kind is; empty when there is none, or when this is it."""
    if not groupe.autres or recherche.au_plus == D_UN_SEUL:
        return ""
    return f"{reverse('recherche')}?{urlencode({'q': recherche.demande.saisie, 'dans': groupe.source.genre})}"
