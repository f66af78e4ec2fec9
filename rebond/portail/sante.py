"""`/sante/`: what a load balancer asks."""

from datetime import timedelta
from typing import Any

from django.db import DatabaseError, connection
from django.http import HttpRequest, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from rebond.surveillance.ouvriers import messages_en_attente

BATTEMENT_MAX = timedelta(seconds=60)
# Letters that are due, and not those that wait for their hour.
ETAT = """
    SELECT (SELECT extract(epoch FROM clock_timestamp() - max(instant))::float FROM socle_battement),
           (SELECT count(*) FROM socle_courrier
             WHERE envoye_le IS NULL AND abandonne_le IS NULL AND prochain_essai <= clock_timestamp())
"""


@never_cache
@require_safe
def sante(request: HttpRequest) -> JsonResponse:
    """200 when the portal can serve; 503 when the database is out of reach.

    A stopped queue or beat is told (`etat: degrade`) but keeps the 200: deposits go on without them (design,
    invariant 2), so no balancer should take the server away for that.
    """
    base = _base()
    file = _file()
    battement = base.get("battement_age_secondes")
    vivant = battement is not None and battement <= BATTEMENT_MAX.total_seconds()
    etat = "panne"
    if base["etat"] == "ok":
        etat = "ok" if file["etat"] == "ok" and vivant else "degrade"
    corps = {
        "etat": etat,
        "base": base["etat"],
        "file": file,
        "battement_age_secondes": battement,
        "courriers_en_attente": base.get("courriers_en_attente"),
    }
    return JsonResponse(corps, status=503 if etat == "panne" else 200)


def _base() -> dict[str, Any]:
    try:
        with connection.cursor() as curseur:
            curseur.execute(ETAT)
            age, courriers = curseur.fetchone()
    except DatabaseError:
        return {"etat": "injoignable"}
    return {
        "etat": "ok",
        "battement_age_secondes": None if age is None else round(age, 1),
        "courriers_en_attente": courriers,
    }


def _file() -> dict[str, Any]:
    en_attente = messages_en_attente()
    return {"etat": "injoignable"} if en_attente is None else {"etat": "ok", "messages_en_attente": en_attente}
