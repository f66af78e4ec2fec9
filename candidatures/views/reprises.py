"""What a file taken over from another system held there: to read, and to take away whole."""

from collections.abc import Mapping
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, JsonResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from candidatures.connaissance import a_instruire_par
from candidatures.models import Candidature
from candidatures.reprise.presentation import exporter, lignes, presenter
from candidatures.views.acces import contexte, mon_ouvrage
from rebond.socle.noms_de_fichiers import disposition
from rebond.socle.tableaux import MENTION_DEMONSTRATION, Tableau, reponse
from rebond.socle.vues import personne
from territoires.etats import Role
from territoires.habilitations import role_requis

COLONNES = ("Partie", "Intitulé", "Texte", "Précision")


@require_safe
@login_required
def reprise(request: HttpRequest, pk: int) -> HttpResponse:
    """The territory's side: without what was the service's own."""
    ouvrage = mon_ouvrage(request, pk)
    lue = presenter(reprise_de(ouvrage.candidature), agent=False)
    return render(request, "candidatures/reprise.html", contexte(ouvrage, reprise=lue))


@require_safe
@login_required
def reprise_export(request: HttpRequest, pk: int, format_: str) -> HttpResponseBase:
    return reponse_d_export(mon_ouvrage(request, pk).candidature, format_, agent=False)


@require_safe
@role_requis(Role.INSTRUCTEUR)
def du_service(request: HttpRequest, pk: int) -> HttpResponse:
    dossier = _instruit(request, pk)
    lue = presenter(reprise_de(dossier), agent=True)
    return render(request, "candidatures/instruction/reprise.html", {"dossier": dossier, "reprise": lue})


@require_safe
@role_requis(Role.INSTRUCTEUR)
def export_du_service(request: HttpRequest, pk: int, format_: str) -> HttpResponseBase:
    return reponse_d_export(_instruit(request, pk), format_, agent=True)


def _instruit(request: HttpRequest, pk: int) -> Candidature:
    return get_object_or_404(a_instruire_par(personne(request)).pour_lecture(), pk=pk)


def reprise_de(candidature: Candidature) -> Mapping[str, Any]:
    """A file of this portal has no former life."""
    if not candidature.reprise:
        raise Http404
    garde: Mapping[str, Any] = candidature.reprise
    return garde


def reponse_d_export(candidature: Candidature, format_: str, *, agent: bool) -> HttpResponseBase:
    garde = reprise_de(candidature)
    nom = f"reprise-{candidature.reference}"
    if format_ == "csv":
        mentions = [MENTION_DEMONSTRATION] if candidature.demonstration else []
        return reponse(Tableau(nom, COLONNES, lignes(presenter(garde, agent=agent)), mentions), format_)
    brut = JsonResponse(exporter(garde, agent=agent), json_dumps_params={"ensure_ascii": False, "indent": 2})
    brut["Content-Disposition"] = disposition(f"{nom}.json")
    brut["Cache-Control"] = "private, no-store"
    return brut
