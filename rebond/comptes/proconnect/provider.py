"""ProConnect as a provider of allauth: its OpenID Connect one, with a nonce and every signature checked."""

import secrets
from typing import Any

import requests
from allauth.account.models import EmailAddress
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import get_adapter
from allauth.socialaccount.helpers import render_authentication_error
from allauth.socialaccount.models import SocialApp, SocialLogin, SocialToken
from allauth.socialaccount.providers.oauth2.client import OAuth2Error
from allauth.socialaccount.providers.openid_connect.provider import OpenIDConnectProvider
from allauth.socialaccount.providers.openid_connect.views import OpenIDConnectOAuth2Adapter
from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from rebond.comptes.proconnect import jetons
from rebond.socle.adresses import adresse_complete
from rebond.socle.texte.caracteres import en_une_ligne
from territoires.regles import siret_valide

#: What is kept of an answer, and nothing else.
GARDES = ("sub", "uid", "siret", "email", "email_verified", "given_name", "usual_name", "idp_id", "amr", "acr")
SIGNE = "application/jwt"


class AdaptateurOidc(OpenIDConnectOAuth2Adapter):
    """The exchange with ProConnect. Everything that it raises is an error that the views of allauth show."""

    def get_provider(self) -> "ProConnectProvider":
        provider: ProConnectProvider = super().get_provider()
        return provider

    @property
    def openid_config(self) -> dict[str, Any]:
        """The published configuration, of the very issuer that the settings name (Discovery 1.0, 4.3)."""
        try:
            configuration: dict[str, Any] = super().openid_config
            self._exiger_l_emetteur(configuration["issuer"])
        except (requests.RequestException, OAuth2Error, KeyError, AttributeError, ValueError) as erreur:
            raise ImmediateHttpResponse(
                render_authentication_error(self.request, self.get_provider(), exception=erreur)
            ) from erreur
        return configuration

    def _exiger_l_emetteur(self, emetteur: str) -> None:
        if emetteur.rstrip("/") != self.get_provider().app.settings["server_url"]:
            raise OAuth2Error("Configuration d’un autre émetteur")

    def get_callback_url(self, request: HttpRequest, app: SocialApp) -> str:
        return adresse_complete("proconnect_callback")

    def complete_login(self, request: HttpRequest, app: SocialApp, token: SocialToken, **options: Any) -> SocialLogin:
        """Raises OAuth2Error for anything that ProConnect would not say."""
        reponse = options["response"]
        id_token = reponse.get("id_token")
        if not isinstance(id_token, str):
            raise OAuth2Error("Pas d’ID token")
        cles = self._cles()
        identite = jetons.lire(
            id_token,
            cles=cles,
            emetteur=self.openid_config["issuer"],
            client=app.client_id,
            exiges=("exp", "iat", "sub", "nonce"),
        )
        jetons.verifier_le_nonce(identite, request.nonce_attendu)  # type: ignore[attr-defined]
        infos = self._infos(token.token, cles, app)
        if infos["sub"] != identite["sub"]:
            raise OAuth2Error("Userinfo d’une autre personne (Core 1.0, 5.3.2)")
        login: SocialLogin = self.get_provider().sociallogin_from_response(request, _verifiees(identite, infos))
        request.fin_de_proconnect = {  # type: ignore[attr-defined]
            "id_token": id_token,
            "adresse": self.openid_config.get("end_session_endpoint", ""),
        }
        return login

    def _cles(self) -> dict[str, Any]:
        with get_adapter().get_requests_session() as session:
            reponse = session.get(self.openid_config["jwks_uri"])
            reponse.raise_for_status()
            cles = reponse.json()
        if not isinstance(cles, dict):
            raise OAuth2Error("Clés illisibles")
        return cles

    def _infos(self, acces: str, cles: dict[str, Any], app: SocialApp) -> dict[str, Any]:
        """Signed, as ProConnect always does: a plain JSON answer is no token."""
        with get_adapter().get_requests_session() as session:
            reponse = session.get(self.profile_url, headers={"Authorization": f"Bearer {acces}", "Accept": SIGNE})
            reponse.raise_for_status()
        return jetons.lire(
            reponse.text.strip(),
            cles=cles,
            emetteur=self.openid_config["issuer"],
            client=app.client_id,
            exiges=("exp", "iat", "sub"),
        )


def _verifiees(identite: dict[str, Any], infos: dict[str, Any]) -> dict[str, Any]:
    """What is kept of both. Raises OAuth2Error without an address, a `uid` or a `siret` that can be one."""
    claims = {**infos, "amr": identite.get("amr", []), "acr": identite.get("acr", "")}
    for nom in ("sub", "uid", "email", "siret", "given_name", "usual_name"):
        valeur = claims.get(nom, "")
        if not isinstance(valeur, str) or len(valeur) > 250:
            raise OAuth2Error(f"Claim {nom} illisible")
        claims[nom] = en_une_ligne(valeur)
    if not (claims["sub"] and claims["uid"] and claims["email"]):
        raise OAuth2Error("Claim sub, uid ou email absent")
    if not siret_valide(claims["siret"]):
        raise OAuth2Error("Claim siret invalide")
    return {nom: claims[nom] for nom in GARDES if nom in claims}


class ProConnectProvider(OpenIDConnectProvider):
    id = "proconnect"
    name = "ProConnect"
    package = "rebond.comptes.proconnect"
    pkce_enabled_default = True
    oauth2_adapter_class = AdaptateurOidc

    @property
    def server_url(self) -> str:
        adresse: str = self.wk_server_url(self.app.settings["server_url"])
        return adresse

    def get_login_url(self, request: HttpRequest, **options: Any) -> str:
        return reverse("proconnect_login")

    def get_callback_url(self) -> str:
        return reverse("proconnect_callback")

    def get_scope_from_request(self, request: HttpRequest) -> list[str]:
        """What the settings say: a link to our page asks for nothing more."""
        return list(self.get_scope())

    def get_auth_params_from_request(self, request: HttpRequest, action: str) -> dict[str, str]:
        return dict(self.get_auth_params())

    def redirect(
        self, request: HttpRequest, process: str, next_url: str | None = None, data: Any = None, **options: Any
    ) -> HttpResponse:
        nonce = secrets.token_urlsafe(24)
        options["auth_params"] = {**(options.get("auth_params") or self.get_auth_params()), "nonce": nonce}
        reponse: HttpResponse = super().redirect(request, process, next_url, data, nonce=nonce, **options)
        return reponse

    def extract_uid(self, data: dict[str, Any]) -> str:
        return str(data["sub"])

    def extract_extra_data(self, data: dict[str, Any]) -> dict[str, Any]:
        return data

    def extract_common_fields(self, data: dict[str, Any]) -> dict[str, Any]:
        return {"email": data["email"], "first_name": data["given_name"], "last_name": data["usual_name"]}

    def extract_email_addresses(self, data: dict[str, Any]) -> list[EmailAddress]:
        """Verified when ProConnect says so in so many words: some administrations do not check addresses."""
        return [EmailAddress(email=data["email"], verified=data.get("email_verified") is True, primary=True)]


provider_classes = [ProConnectProvider]
