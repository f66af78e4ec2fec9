"""What becomes of an identity that ProConnect has proven: which account it opens, and under which conditions."""

from copy import copy
from typing import Any

import requests
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from allauth.socialaccount.models import SocialLogin
from allauth.socialaccount.providers.base import AuthError
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from django.db import models
from django.db.models.expressions import DatabaseDefault
from django.http import HttpRequest
from django.shortcuts import redirect

from rebond.comptes.habilitations import habilitations_tenues
from rebond.comptes.proconnect import liaison
from rebond.socle.journal.natures_d_acces import NatureAcces
from rebond.socle.requete.acces import noter
from rebond.socle.utilisateur import Utilisateur

FIN = "proconnect"


class AdaptateurProConnect(DefaultSocialAccountAdapter):
    def get_requests_session(self) -> requests.Session:
        """Whatever an answer says, nothing goes to another address than the one that was asked for."""
        session: requests.Session = super().get_requests_session()
        session.max_redirects = 0
        return session

    def on_authentication_error(
        self, request: HttpRequest, provider: Any, error: Any = None, exception: Exception | None = None, **_: Any
    ) -> None:
        """Our own words say no claim; those of others may say an address."""
        if error == AuthError.CANCELLED:
            return
        dit = str(exception) if isinstance(exception, OAuth2Error) else type(exception).__name__
        noter(request, NatureAcces.ECHEC, objet=f"ProConnect : {dit if exception else error}")

    def pre_social_login(self, request: HttpRequest, sociallogin: SocialLogin) -> None:
        """An identity seen for the first time opens the account that has its address, once that address is proven.

        Without a question when both ProConnect and this portal have verified it and the account holds no role of the
        State; otherwise its holder types a code sent there.
        """
        # Kept with the sign-in, which may still wait for a second factor.
        sociallogin.state[FIN] = getattr(request, "fin_de_proconnect", sociallogin.state.get(FIN))
        if sociallogin.is_existing or sociallogin.state.get("process") == "connect":
            return
        adresse = sociallogin.email_addresses[0]
        compte = liaison.compte_a_l_adresse(adresse.email)
        if compte is None:
            return
        if not compte.is_active:
            raise ImmediateHttpResponse(redirect("account_inactive"))
        if not (_sans_question(compte, adresse) or liaison.est_confirmee(request, compte)):
            liaison.demander(request, sociallogin, compte)
            raise ImmediateHttpResponse(redirect("proconnect_lier"))
        sociallogin.user = compte
        # allauth takes the password away from an account whose address was never verified, then links both.
        sociallogin._did_authenticate_by_email = adresse.email  # noqa: SLF001

    def populate_user(self, request: HttpRequest, sociallogin: SocialLogin, data: dict[str, Any]) -> Utilisateur:
        personne: Utilisateur = super().populate_user(request, sociallogin, data)
        personne.prenom, personne.nom = data["first_name"][:100], data["last_name"][:100]
        return personne

    def serialize_instance(self, instance: models.Model) -> dict[str, Any]:
        """Without what the database is still to fill in: somebody who has no account yet waits in their session."""
        net = copy(instance)
        for champ in net._meta.concrete_fields:
            if isinstance(getattr(net, champ.attname), DatabaseDefault):
                net.__dict__.pop(champ.attname)
        gardes: dict[str, Any] = super().serialize_instance(net)
        return gardes


def _sans_question(compte: Utilisateur, adresse: EmailAddress) -> bool:
    return (
        bool(adresse.verified)
        and EmailAddress.objects.filter(user=compte, email__iexact=adresse.email, verified=True).exists()
        and not habilitations_tenues(compte)
    )
