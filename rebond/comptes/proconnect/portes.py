"""By which doors an account is entered and left: what the account adapter of allauth adds for ProConnect."""

import secrets
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.stagekit import clear_login
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from rebond.comptes.habilitations import habilitations_tenues
from rebond.comptes.proconnect.adaptateur import FIN
from rebond.socle.adresses import adresse_complete
from rebond.socle.utilisateur import Utilisateur


class PortesDeConnexion(DefaultAccountAdapter):
    def pre_login(
        self, request: HttpRequest, user: Utilisateur, *, signal_kwargs: dict[str, Any] | None, **options: Any
    ) -> HttpResponse | None:
        """Called once a password, a code or a key is right: nobody learns before who holds a role."""
        refus: HttpResponse | None = super().pre_login(request, user, signal_kwargs=signal_kwargs, **options)
        if refus is None and _doit_passer_par_proconnect(user, signal_kwargs or {}):
            clear_login(request)
            refus = render(request, "proconnect/agents.html", status=403)
        return refus

    def get_logout_redirect_url(self, request: HttpRequest) -> str:
        """Whoever came from ProConnect leaves it too (RP-Initiated Logout 1.0): the machine may be shared."""
        fin = request.session.get(FIN) or {}
        if not fin.get("adresse"):
            adresse: str = super().get_logout_redirect_url(request)
            return adresse
        demande = {
            "id_token_hint": fin["id_token"],
            "post_logout_redirect_uri": adresse_complete("accueil"),
            "state": secrets.token_urlsafe(16),
        }
        return f"{fin['adresse']}?{urlencode(demande)}"


def _doit_passer_par_proconnect(personne: Utilisateur, arguments: dict[str, Any]) -> bool:
    if not settings.AGENTS_PAR_PROCONNECT or not habilitations_tenues(personne):
        return False
    login = arguments.get("sociallogin")
    return login is None or login.account.provider != "proconnect"
