"""`/heure/`: what time it is for the portal, asked by pages that count down to a deadline."""

from datetime import timedelta

from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rebond.socle.horloge.temps import EPOQUE, lire_l_horloge


@never_cache
@require_safe
def heure(_request: HttpRequest) -> JsonResponse:
    """The database's clock: `instant` in ISO 8601, `millisecondes` since 1970."""
    maintenant = lire_l_horloge()
    millisecondes = (maintenant - EPOQUE) // timedelta(milliseconds=1)
    return JsonResponse({"instant": maintenant.isoformat(), "millisecondes": millisecondes})
