"""Search of EPCI, for the form that picks them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from rebond.socle.caracteres import en_une_ligne
from territoires.models import Epci

RESULTATS_MAX = 20
SAISIE_MAX = 100


@require_GET
@login_required
@cache_control(private=True, max_age=300)
def recherche_epci(request: HttpRequest) -> JsonResponse:
    """`?q=` → at most twenty EPCI, best first. The form works without it: it submits what was typed."""
    trouves = Epci.objects.recherche(en_une_ligne(request.GET.get("q", ""))[:SAISIE_MAX])[:RESULTATS_MAX]
    return JsonResponse(
        {
            "resultats": [
                {
                    "siren": epci.siren,
                    "nom": epci.nom,
                    "nature": epci.get_nature_display(),
                    "departements": epci.codes_des_departements,
                    "population": epci.population,
                    "fictif": epci.fictif,
                    "libelle": epci.libelle_long,
                }
                for epci in trouves
            ]
        }
    )
