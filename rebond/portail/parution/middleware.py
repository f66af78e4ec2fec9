"""Public pages before anything else: neither session, nor person, nor page to make, while nothing has changed."""

from collections.abc import Callable

from django.conf import settings
from django.core.exceptions import DisallowedHost
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, QueryDict
from django.utils.cache import get_max_age, patch_cache_control

from rebond.portail.parution import exemplaires
from rebond.portail.parution.adresses import par_chemin
from rebond.portail.parution.exemplaires import Page
from rebond.portail.parution.instants import vrai_jusqu_a
from rebond.socle.horloge.temps import une_seule_heure
from rebond.socle.parution.version import version_parue
from rebond.socle.requete.cookies import MessagesEnCookie
from rebond.socle.requete.pour_tous import POUR_TOUS
from rebond.socle.requete.saisies import ABANDON

PROPRES_A_QUI_DEMANDE = frozenset({"HTTP_COOKIE", "HTTP_IF_NONE_MATCH", "HTTP_IF_MODIFIED_SINCE"})


class PagesPubliquesMiddleware:
    """Whoever asks gets the same bytes and the same headers, but for the page that tells somebody something: that one
    is theirs (`EntetesMiddleware` says so), and nothing of it is kept.

    First of all: what it keeps has been through every other middleware, and holds what they add. The header of a page
    is completed by the browser of whoever is signed in (`static/rebond/entete.js`).
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        publique = par_chemin().get(request.path_info)
        if publique is None or not _pour_tous(request):
            return self.get_response(request)
        # One chosen among others: a search, counted for whoever asks, and theirs.
        if publique.lit_la_requete and request.META.get("QUERY_STRING"):
            return self.get_response(request)
        if settings.DEBUG:
            return self._servir(request, self._faire(request))
        cle = (request.path_info, request.is_secure())
        try:
            if page := exemplaires.garde(cle, version_parue()):
                return page.pour(request)
            with exemplaires.un_seul_le_fait(cle):
                return self._garde_ou_fait(request, cle)
        except DatabaseError:
            return self.get_response(request)

    def _garde_ou_fait(self, request: HttpRequest, cle: exemplaires.Cle) -> HttpResponse:
        # Asked again once it is our turn, and before the page is read: what changes meanwhile makes it once more.
        lue = version_parue()
        if page := exemplaires.garde(cle, lue):
            return page.pour(request)
        jusqu_a = vrai_jusqu_a(lue.instant)
        # What it says is judged at the instant from which it is kept.
        with une_seule_heure(lue.instant):
            reponse = self._faire(request)
        return self._servir(request, reponse, lambda page: exemplaires.garder(cle, page, lue, jusqu_a))

    def _faire(self, request: HttpRequest) -> HttpResponse:
        """The page as somebody would get it who carries nothing at all, and has nothing of it yet."""
        recu = request.META
        request.META = {nom: valeur for nom, valeur in recu.items() if nom not in PROPRES_A_QUI_DEMANDE}
        request.COOKIES = {}
        request.META["QUERY_STRING"], request.GET = "", QueryDict()
        setattr(request, POUR_TOUS, True)
        reponse = self.get_response(request)
        request.META = recu
        _sans_dependre_de_qui(reponse)
        if reponse.status_code == 200 and not get_max_age(reponse):
            # Asked again each time, and answered in a few bytes: right to the second at the end of an embargo.
            patch_cache_control(reponse, public=True, no_cache=True)
        return reponse

    def _servir(
        self, request: HttpRequest, reponse: HttpResponse, garder: Callable[[Page], None] = lambda _: None
    ) -> HttpResponse:
        if reponse.status_code != 200 or reponse.streaming or reponse.cookies:
            return reponse
        page = Page.de(reponse)
        garder(page)
        return page.pour(request)


def _pour_tous(request: HttpRequest) -> bool:
    if request.method not in {"GET", "HEAD"}:
        return False
    if MessagesEnCookie.cookie_name in request.META.get("HTTP_COOKIE", ""):
        return False
    if ABANDON in request.META.get("QUERY_STRING", ""):
        return False
    # Each of its addresses begins as the server was told.
    if request.META.get("SCRIPT_NAME"):
        return False
    if settings.SECURE_SSL_REDIRECT and not request.is_secure():
        return False
    try:
        request.get_host()
    except DisallowedHost:
        return False
    return True


def _sans_dependre_de_qui(reponse: HttpResponse) -> None:
    """No cookie was there to be read."""
    restent = [nom for nom in reponse.headers.get("Vary", "").split(", ") if nom and nom.lower() != "cookie"]
    if restent:
        reponse.headers["Vary"] = ", ".join(restent)
    else:
        reponse.headers.pop("Vary", None)
