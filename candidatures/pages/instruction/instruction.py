"""Waves and files as the agents of the State read them."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import F
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.dossier.etats import EtatCandidature
from candidatures.instruction.acces import avec_etat_de_vague_connu, entiers_de
from candidatures.instruction.comptes import avec_suivi, comptes_par_vague, demandes_d_avis
from candidatures.instruction.forms import FiltresDossiersForm
from candidatures.pages.instruction.proces_verbaux import lit_les_proces_verbaux
from candidatures.vagues.models.vagues import Vague
from rebond.comptes.habilitations import a_le_role, role_requis
from rebond.socle.formulaires.vues import personne
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.listes import tableaux
from rebond.socle.texte.typographie import instant_fr
from territoires.etats import Role

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
    moi, maintenant = personne(request), horloge_base()
    closes = avec_etat_de_vague_connu(Vague.objects.closes(maintenant), moi, maintenant)
    page = Paginator(closes, PAR_PAGE).get_page(request.GET.get("page"))
    comptes = comptes_par_vague(moi, [vague.pk for vague in page], maintenant)
    lignes = [(vague, comptes[vague.pk]) for vague in page]
    return render(request, "candidatures/instruction/vagues.html", {"page": page, "lignes": lignes})


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
    maintenant = horloge_base()
    closes = avec_etat_de_vague_connu(Vague.objects.closes(maintenant), personne(request), maintenant)
    vague = get_object_or_404(closes, numero=numero)
    filtres = FiltresDossiersForm(request.GET)
    lus = entiers_de(personne(request), maintenant).filter(vague=vague)
    dossiers = avec_suivi(lus.pour_liste().select_related("proposition", "recevabilite"))
    return vague, filtres, filtres.appliquer(dossiers, request.GET.get("tri", ""))


def _ligne(dossier: Any) -> tuple[Any, ...]:
    territoire = dossier.territoire
    return (
        dossier.reference,
        territoire.nom,
        territoire.chef_de_file.siren,
        territoire.chef_de_file.nom,
        territoire.region_pilote.nom,
        EtatCandidature(dossier.etat_connu).label,
        dossier.recu_le,
        dossier.avis_demandes,
        dossier.avis_rendus,
        dossier.proposition.get_sens_display() if hasattr(dossier, "proposition") else "",
    )


@require_safe
@role_requis(Role.EXPERT)
def avis(request: HttpRequest) -> HttpResponse:
    """What is asked of this expert, what still waits first."""
    demandes = (
        demandes_d_avis(personne(request), horloge_base())
        .select_related("candidature__vague", "candidature__territoire__region_pilote", "demande_par")
        .order_by("-a_rendre", F("rendu_le").desc(nulls_first=True), "demande_le", "pk")
    )
    page = Paginator(demandes, PAR_PAGE).get_page(request.GET.get("page"))
    return render(request, "candidatures/instruction/avis.html", {"page": page})
