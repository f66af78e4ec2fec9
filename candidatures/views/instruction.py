"""Waves and files as the agents of the State read them."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.etats import ETATS_A_INSTRUIRE, EtatCandidature
from candidatures.forms.instruction import FiltresDossiersForm
from candidatures.models import Avis, Candidature, Vague
from candidatures.views.proces_verbaux import lit_les_proces_verbaux
from rebond.socle import tableaux
from rebond.socle.temps import horloge_base
from rebond.socle.typographie import instant_fr
from rebond.socle.vues import personne
from territoires.etats import Role
from territoires.habilitations import a_le_role, role_requis

AGENTS = (Role.INSTRUCTEUR, Role.COMITE, Role.VALIDEUR)
PAR_PAGE = 25
COLONNES = (
    "Référence",
    "Territoire",
    "SIREN du chef de file",
    "Chef de file",
    "Région",
    "État",
    "Reçu le",
    "Avis demandés",
    "Avis rendus",
    "Proposition",
)


@require_safe
@role_requis(*AGENTS)
def vagues(request: HttpRequest) -> HttpResponse:
    """The closed waves, with how many files this person may read in each, by state."""
    page = Paginator(Vague.objects.closes(horloge_base()), PAR_PAGE).get_page(request.GET.get("page"))
    comptes: dict[int, dict[str, int]] = {vague.pk: {} for vague in page}
    lus = Candidature.objects.pour_agents(personne(request)).filter(vague__in=comptes)
    for vague, etat, nombre in lus.order_by().values_list("vague", "etat").annotate(nombre=Count("pk")):
        comptes[vague][etat] = nombre
    lignes = [(vague, _resume(comptes[vague.pk])) for vague in page]
    return render(request, "candidatures/instruction/vagues.html", {"page": page, "lignes": lignes})


def _resume(par_etat: dict[str, int]) -> dict[str, int]:
    return {
        "total": sum(par_etat.values()),
        "a_instruire": sum(par_etat.get(etat, 0) for etat in ETATS_A_INSTRUIRE),
        "instruites": par_etat.get(EtatCandidature.INSTRUITE, 0),
        "laureates": par_etat.get(EtatCandidature.LAUREATE, 0),
    }


@require_safe
@role_requis(*AGENTS)
def vague(request: HttpRequest, numero: int) -> HttpResponse:
    """The files of one wave: searched, filtered and sorted in SQL."""
    vague, filtres, dossiers = _dossiers(request, numero)
    page = Paginator(dossiers, PAR_PAGE).get_page(request.GET.get("page"))
    contexte = {
        "vague": vague,
        "filtres": filtres,
        "page": page,
        "valideur": a_le_role(request.user, Role.VALIDEUR),
        "lit_le_proces_verbal": lit_les_proces_verbaux(request),
    }
    return render(request, "candidatures/instruction/vague.html", contexte)


@require_safe
@role_requis(*AGENTS)
def export(request: HttpRequest, numero: int, format_: str) -> HttpResponseBase:
    """The same list, whole, as a file."""
    vague, _, dossiers = _dossiers(request, numero)
    mentions = [f"Vague {vague.numero} – dossiers en instruction au {instant_fr(horloge_base())} (heure de Paris)"]
    if dossiers.order_by().filter(demonstration=True).exists():
        mentions.insert(0, tableaux.MENTION_DEMONSTRATION)
    tableau = tableaux.Tableau(
        nom=f"vague-{vague.numero}-dossiers",
        colonnes=COLONNES,
        lignes=(_ligne(dossier) for dossier in dossiers.iterator(tableaux.LOT)),
        mentions=mentions,
    )
    return tableaux.reponse(tableau, format_)


def _dossiers(request: HttpRequest, numero: int) -> tuple[Vague, FiltresDossiersForm, Any]:
    vague = get_object_or_404(Vague.objects.closes(horloge_base()), numero=numero)
    filtres = FiltresDossiersForm(request.GET)
    lus = Candidature.objects.pour_agents(personne(request)).filter(vague=vague)
    dossiers = lus.pour_liste().select_related("proposition", "recevabilite").avec_suivi()
    return vague, filtres, filtres.appliquer(dossiers, request.GET.get("tri", ""))


def _ligne(dossier: Any) -> tuple[Any, ...]:
    territoire = dossier.territoire
    return (
        dossier.reference,
        territoire.nom,
        territoire.chef_de_file.siren,
        territoire.chef_de_file.nom,
        territoire.region_pilote.nom,
        dossier.get_etat_display(),
        dossier.recu_le,
        dossier.avis_demandes,
        dossier.avis_rendus,
        dossier.proposition.get_sens_display() if hasattr(dossier, "proposition") else "",
    )


@require_safe
@role_requis(Role.EXPERT)
def avis(request: HttpRequest) -> HttpResponse:
    """What is asked of this expert, what still waits first."""
    lisibles = Candidature.objects.pour_agents(personne(request))
    demandes = (
        Avis.objects.filter(expert=personne(request), candidature__in=lisibles.values("pk"))
        .select_related("candidature__vague", "candidature__territoire__region_pilote", "demande_par")
        .order_by(F("rendu_le").desc(nulls_first=True), "demande_le", "pk")
    )
    page = Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "candidatures/instruction/avis.html", {"page": page})
