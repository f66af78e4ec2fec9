"""The calendar of waves as files that agendas and news readers subscribe to."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from candidatures.calendrier.flux import en_atom, en_icalendar
from candidatures.vagues.models.vagues import Vague
from rebond.socle.adresses import adresse_complete
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.horloge.temps import horloge_base

# Seconds. Short, so that nobody reads « ouverte » long after the deadline.
FRAICHEUR = 60


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def icalendar(_request: HttpRequest) -> HttpResponse:
    corps = en_icalendar(Vague.objects.order_by("ouverture"), adresse=adresse_complete("calendrier"))
    return _fichier(corps, "text/calendar; charset=utf-8", "rebond-industriel.ics")


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def atom(_request: HttpRequest) -> HttpResponse:
    corps = en_atom(
        Vague.objects.order_by("ouverture"),
        horloge_base(),
        adresse=adresse_complete("calendrier"),
        flux=adresse_complete("calendrier_atom"),
    )
    return _fichier(corps.encode(), "application/atom+xml; charset=utf-8", "rebond-industriel.atom")


def _fichier(corps: bytes, type_mime: str, nom: str) -> HttpResponse:
    reponse = HttpResponse(corps, content_type=type_mime)
    reponse["Content-Disposition"] = disposition(nom, telecharger=False)
    return reponse
