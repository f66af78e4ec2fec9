"""What security researchers look for first."""

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from rebond.socle.horloge.temps import horloge_base
from rebond.surveillance import securite

FRAICHEUR = 3600


@require_safe
@cache_control(public=True, max_age=FRAICHEUR)
def security_txt(_request: HttpRequest) -> HttpResponse:
    corps = securite.texte(horloge_base())
    if corps is None:
        raise Http404
    return HttpResponse(corps, content_type="text/plain; charset=utf-8")
