"""What a file taken over from another system held there, to read and to take away."""

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpResponseBase, JsonResponse

from candidatures.dossier.models.dossiers import Candidature
from candidatures.reprise.presentation import exporter, lignes, presenter
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.listes.tableaux import MENTION_DEMONSTRATION, Tableau, reponse

COLONNES = ("Partie", "Intitulé", "Texte", "Précision")


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
