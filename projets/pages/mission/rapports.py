"""Reports of a mission: ask for one, watch it being made, read it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from projets.mission.models import Mission
from projets.pages.mission.listes import ListeDesRapports
from projets.rapport import actions
from projets.rapport.etats import TRANSITIONS_RAPPORT, EtatRapport
from projets.rapport.forms import DemandeDeRapportForm
from projets.rapport.models import Rapport
from rebond.socle.documents import stockage as documents
from rebond.socle.formulaires.vues import conduire, personne
from rebond.socle.horloge.temps import horloge_base, jour_de_paris
from rebond.socle.requete.envois import une_seule_fois
from rebond.socle.utilisateur import Utilisateur


def _visibles(utilisateur: Utilisateur) -> QuerySet[Rapport]:
    missions = Mission.objects.visibles_par(utilisateur)
    return Rapport.objects.filter(mission__in=missions).select_related("mission", "document")


def _modifiable(request: HttpRequest, mission: Mission) -> bool:
    return Mission.objects.modifiables_par(personne(request)).filter(pk=mission.pk).exists()


@require_http_methods(["GET", "HEAD", "POST"])
@login_required
@une_seule_fois
def liste(request: HttpRequest, mission_id: int) -> HttpResponse:
    """The mission's reports, latest first; its team asks here for a new one."""
    mission = get_object_or_404(Mission.objects.visibles_par(personne(request)), pk=mission_id)
    modifiable = _modifiable(request, mission)
    if request.method == "POST" and not modifiable:
        raise Http404
    aujourd_hui = jour_de_paris(horloge_base())
    formulaire = DemandeDeRapportForm(
        request.POST if request.method == "POST" else None, aujourd_hui=aujourd_hui, initial={"au": aujourd_hui}
    )
    rapports = ListeDesRapports(_visibles(personne(request)).filter(mission=mission), request.GET)
    return conduire(
        request,
        formulaire,
        lambda: actions.demander_rapport(mission=mission, au=formulaire.cleaned_data["au"], acteur=personne(request)),
        gabarit="projets/mission/rapports.html",
        contexte={**rapports.contexte, "mission": mission, "modifiable": modifiable},
        succes="Le rapport est demandé. Sa fabrication dure moins d’une minute.",
        vers=reverse("rapports:liste", args=[mission.pk]),
    )


@require_safe
@never_cache
@login_required
def rapport(request: HttpRequest, pk: int) -> HttpResponse:
    """How far the making is, then the file."""
    rapport = get_object_or_404(_visibles(personne(request)), pk=pk)
    relancable = TRANSITIONS_RAPPORT.permet("relancer", rapport.etat) and _modifiable(request, rapport.mission)
    return render(
        request,
        "projets/mission/rapport.html",
        {
            "rapport": rapport,
            "en_fabrication": rapport.etat in {EtatRapport.DEMANDE, EtatRapport.EN_COURS},
            "pret": rapport.etat == EtatRapport.PRET,
            "relancable": relancable,
        },
    )


@require_safe
@never_cache
@login_required
def etat(request: HttpRequest, pk: int) -> JsonResponse:
    """What the page's script asks for, every other second."""
    rapport = get_object_or_404(_visibles(personne(request)), pk=pk)
    return JsonResponse(
        {
            "etat": rapport.etat,
            "etape": rapport.etape or rapport.get_etat_display(),
            "avancement": rapport.avancement,
            "fini": rapport.etat in {EtatRapport.PRET, EtatRapport.ECHEC},
        }
    )


@require_safe
@login_required
def fichier(request: HttpRequest, pk: int) -> HttpResponseBase:
    rapport = get_object_or_404(_visibles(personne(request)), pk=pk, etat=EtatRapport.PRET)
    if rapport.document is None:
        raise Http404
    return documents.reponse(rapport.document, rapport.nom)


@require_POST
@login_required
@une_seule_fois
def relancer(request: HttpRequest, pk: int) -> HttpResponse:
    rapport = get_object_or_404(_visibles(personne(request)), pk=pk)
    if not _modifiable(request, rapport.mission):
        raise Http404
    actions.relancer(rapport=rapport, acteur=personne(request), maintenant=horloge_base())
    messages.success(request, "La fabrication du rapport est relancée.")
    return redirect("rapports:rapport", rapport.pk)
