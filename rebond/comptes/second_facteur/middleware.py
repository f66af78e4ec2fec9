"""The person of each request carries what their session has proven; pages of a role that waits lead to its proof."""

from collections.abc import Callable

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.http import urlencode

from rebond.comptes.habilitations import Personne, roles_suspendus
from rebond.comptes.securite.preuves import ATTRIBUT, Preuves
from rebond.socle.texte.accords import enumerer
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

SUITE = "apres_second_facteur"
PAR_PROCONNECT = "Vous tenez un rôle de l’État\u00a0: connectez-vous désormais avec ProConnect."


class PreuvesMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        personne = request.user
        request.user = SimpleLazyObject(lambda: _avec_ses_preuves(request, personne))  # type: ignore[assignment]
        if settings.SESSION_COOKIE_NAME in request.COOKIES and _doit_revenir_par_proconnect(request):
            logout(request)
            messages.error(request, PAR_PROCONNECT)
        reponse = self.get_response(request)
        if reponse.status_code == 404 and _ouvre_une_page(request) and (roles := roles_suspendus(request.user)):
            return _mener_au_second_facteur(request, roles)
        return reponse


def _avec_ses_preuves(request: HttpRequest, personne: Personne) -> Personne:
    if isinstance(personne, Utilisateur):
        setattr(personne, ATTRIBUT, Preuves.de(request.session, personne))
    return personne


def _doit_revenir_par_proconnect(request: HttpRequest) -> bool:
    """A role given while its holder was signed in by e-mail: that session may not go on beside it."""
    if not settings.AGENTS_PAR_PROCONNECT or not isinstance(request.user, Utilisateur):
        return False
    preuves: Preuves = getattr(request.user, ATTRIBUT)
    return not preuves.proconnect and bool(roles_suspendus(request.user))


def _ouvre_une_page(request: HttpRequest) -> bool:
    """Whether somebody who signed in opens an address, and second factors are asked for at all."""
    if not settings.SECOND_FACTEUR_EXIGE or settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return False
    return request.method == "GET" and request.headers.get("Sec-Fetch-Mode", "navigate") == "navigate"


def _mener_au_second_facteur(request: HttpRequest, roles: tuple[Role, ...]) -> HttpResponse:
    """The same for every address that this person may not open: nothing is learnt of what exists behind."""
    noms = enumerer([str(role.label) for role in roles])
    chemin = request.get_full_path()
    if is_mfa_enabled(request.user, ["totp", "webauthn"]):
        messages.info(request, f"Pour agir comme {noms}, confirmez votre identité avec votre second facteur.")
        return redirect(f"{reverse('mfa_reauthenticate')}?{urlencode({'next': chemin})}")
    request.session[SUITE] = chemin
    messages.info(
        request, f"Pour agir comme {noms}, protégez d’abord votre compte par un second facteur. Choisissez-en un ici."
    )
    return redirect("mfa_index")
