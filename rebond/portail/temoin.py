"""A cookie that a script may read: whether somebody is signed in with this browser, and nothing of who.

Public pages are the same for everyone (`rebond.portail.parution`); it spares visitors a question that only people who
are signed in have an answer to. Whoever writes it by hand is asked who they are, and shown nothing.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from rebond.socle.requete.cookies import nom_de_cookie

TEMOIN = nom_de_cookie("connecte")


class TemoinDeConnexionMiddleware:
    """Outside of whatever signs in or out."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reponse = self.get_response(request)
        porte = TEMOIN in request.COOKIES
        if not (porte or settings.SESSION_COOKIE_NAME in request.COOKIES or request.session.modified):
            return reponse
        connecte = request.user.is_authenticated
        if connecte and not porte:
            temoigner(reponse)
        elif porte and not connecte:
            reponse.delete_cookie(TEMOIN, samesite="Lax")
        return reponse


def temoigner(reponse: HttpResponse) -> None:
    """Until the browser is closed, as the session."""
    reponse.set_cookie(TEMOIN, "1", secure=settings.SESSION_COOKIE_SECURE, samesite="Lax")
