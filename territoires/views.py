"""Search of EPCI, for the fields that name one: whoever asks, since all of it is public reference data."""

from typing import Any

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET

from territoires.propositions import Proposition
from territoires.recherche import chercher


@require_GET
@cache_control(private=True, max_age=300)
def recherche_epci(request: HttpRequest) -> JsonResponse:
    """`?q=` → at most twenty EPCI, best first; look-alikes apart, and a sentence when nothing was found;
    `introuvable` when somebody has to be asked.

    Forms work without it: they submit what was typed.
    """
    reponse = chercher(request.GET.get("q", ""))
    return JsonResponse(
        {
            "resultats": [_en_json(proposition) for proposition in reponse.trouvees],
            "ressemblants": [_en_json(proposition) for proposition in reponse.ressemblantes],
            "phrase": reponse.phrase,
            "introuvable": reponse.introuvable,
        }
    )


def _en_json(proposition: Proposition) -> dict[str, Any]:
    return {
        "siren": proposition.siren,
        "libelle": proposition.libelle,
        "precision": proposition.precision,
        "saisie": proposition.saisie,
    }
