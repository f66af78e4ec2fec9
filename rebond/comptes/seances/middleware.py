"""A session ends when nobody uses it any more, and in any case at the end of a day's work."""

from collections.abc import Callable
from datetime import datetime, timedelta

from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.sessions.backends.base import SessionBase
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.utils import timezone

from rebond.socle.texte.durees import temps_restant

OUVERTE, VUE = "ouverte_le", "vue_le"
# A session is written once in so many minutes, not at each request.
PAS = timedelta(minutes=5)

Vue = Callable[..., HttpResponseBase]


def sans_activite(vue: Vue) -> Vue:
    """Decorator: what pages ask for by themselves shows no more than that they are open."""
    vue.sans_activite = True  # type: ignore[attr-defined]
    return vue


def ouvre_une_page(vue: Vue) -> Vue:
    """Decorator: asked by the script of a page that has just been opened, and as good as opening it."""
    vue.ouvre_une_page = True  # type: ignore[attr-defined]
    return vue


def dater(session: SessionBase, maintenant: datetime, *, ouverte: bool = False) -> None:
    session[VUE] = maintenant.timestamp()
    if ouverte:
        session[OUVERTE] = session[VUE]


class InactiviteMiddleware:
    """What was typed is not lost with the session: the next middlewares put it aside, and pages keep a copy."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.SESSION_COOKIE_NAME not in request.COOKIES or not request.user.is_authenticated:
            return self.get_response(request)
        maintenant = timezone.now()
        if finie := _finie(request.session, maintenant):
            logout(request)
            messages.info(request, finie)
            return self.get_response(request)
        reponse = self.get_response(request)
        if _agit(request) and request.user.is_authenticated:
            _dater_parfois(request, maintenant)
        return reponse

    def process_view(self, request: HttpRequest, vue: Vue, _arguments: object, _options: object) -> None:
        request.sans_activite = getattr(vue, "sans_activite", False)  # type: ignore[attr-defined]
        request.ouvre_une_page = getattr(vue, "ouvre_une_page", False)  # type: ignore[attr-defined]


def _finie(session: SessionBase, maintenant: datetime) -> str:
    """Why this session is over, in a sentence; empty while it is not."""
    vue, ouverte = session.get(VUE), session.get(OUVERTE)
    if vue is not None and maintenant.timestamp() - vue > 60 * settings.SESSION_INACTIVITE:
        inactivite = temps_restant(timedelta(minutes=settings.SESSION_INACTIVITE))
        return f"Vous avez été déconnecté après {inactivite} sans activité. Ce que vous aviez tapé est gardé."
    if ouverte is not None and maintenant.timestamp() - ouverte > 60 * settings.SESSION_DUREE:
        return (
            "Votre session a duré longtemps\u00a0: par prudence, reconnectez-vous. Ce que vous aviez tapé est gardé."
        )
    return ""


def _agit(request: HttpRequest) -> bool:
    """A page that is opened, or anything that is sent; not what a page that was left open asks for by itself."""
    if getattr(request, "sans_activite", False):
        return False
    if request.method == "POST" or getattr(request, "ouvre_une_page", False):
        return True
    return request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _dater_parfois(request: HttpRequest, maintenant: datetime) -> None:
    vue = request.session.get(VUE)
    if vue is not None and maintenant.timestamp() - vue < PAS.total_seconds():
        return
    dater(request.session, maintenant, ouverte=OUVERTE not in request.session)
    UserSession.objects.filter(session_key=request.session.session_key).update(last_seen_at=maintenant)
