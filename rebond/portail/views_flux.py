"""The calendar of waves as files that agendas and news readers subscribe to."""

from hashlib import sha256

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.cache import get_conditional_response
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from candidatures.calendrier.flux import en_atom, en_icalendar
from candidatures.vagues.models.vagues import Vague
from rebond.socle.documents.noms_de_fichiers import disposition
from rebond.socle.horloge.temps import horloge_base

# Seconds. Short, so that nobody reads « ouverte » long after the deadline.
FRAICHEUR = 60


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def icalendar(request: HttpRequest) -> HttpResponse:
    corps = en_icalendar(Vague.objects.order_by("ouverture"), adresse=_absolue("calendrier"))
    return _si_change(request, corps, "text/calendar; charset=utf-8", "rebond-industriel.ics")


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def atom(request: HttpRequest) -> HttpResponse:
    corps = en_atom(
        Vague.objects.order_by("ouverture"),
        horloge_base(),
        adresse=_absolue("calendrier"),
        flux=_absolue("calendrier_atom"),
    )
    return _si_change(request, corps.encode(), "application/atom+xml; charset=utf-8", "rebond-industriel.atom")


def _absolue(nom: str) -> str:
    return f"{settings.ADRESSE_PUBLIQUE}{reverse(nom)}"


def _si_change(request: HttpRequest, corps: bytes, type_mime: str, nom: str) -> HttpResponse:
    """The file, or 304 without it for whoever has this very version."""
    etag = f'"{sha256(corps).hexdigest()}"'
    reponse = HttpResponse(corps, content_type=type_mime)
    reponse["Content-Disposition"] = disposition(nom, telecharger=False)
    reponse["ETag"] = etag
    return get_conditional_response(request, etag=etag, response=reponse) or reponse
