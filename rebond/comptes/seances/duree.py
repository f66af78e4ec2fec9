"""How long a session still has, and the page's means of keeping it: `static/rebond/seance.js` asks and warns."""

from datetime import datetime

from django.conf import settings
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from rebond.comptes.seances.middleware import OUVERTE, VUE


def reste(session: SessionBase, maintenant: datetime, *, active: bool) -> tuple[int, bool]:
    """Seconds before the session ends, and whether using it puts that off; `active`: it is being used right now."""
    instant = maintenant.timestamp()
    vue = instant if active else session.get(VUE, instant)
    inactivite = vue + 60 * settings.SESSION_INACTIVITE - instant
    duree = session.get(OUVERTE, instant) + 60 * settings.SESSION_DUREE - instant
    return max(0, int(min(inactivite, duree))), inactivite < duree


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def duree(request: HttpRequest) -> HttpResponse:
    """To ask (GET) is no use of the session; « Rester connecté » (POST) is one, as any POST."""
    if not request.user.is_authenticated:
        return JsonResponse({"reste": 0, "prolongeable": False}, status=401)
    secondes, prolongeable = reste(request.session, timezone.now(), active=request.method == "POST")
    return JsonResponse({"reste": secondes, "prolongeable": prolongeable})
