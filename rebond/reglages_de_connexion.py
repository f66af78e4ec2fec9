"""Settings of sign-in: second factor, ProConnect, sessions, passwords. `rebond.settings` is the only reader."""

from typing import Any
from urllib.parse import urlsplit

from rebond.environnement import Environnement, ReglageInvalide

EXIGE, FACULTATIF = "exige", "facultatif"
APPLICATIONS = [
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.usersessions",
    "rebond.comptes.proconnect",
    "rebond.comptes.seances",
]
# Right after the messages: they need the person and the session, and may write before a GET is made read-only.
INTERGICIELS = [
    "rebond.comptes.seances.middleware.InactiviteMiddleware",
    "rebond.comptes.second_facteur.middleware.PreuvesMiddleware",
]
CLAIMS_DEMANDES = '{"id_token":{"amr":{"essential":true}}}'


def reglages(
    env: Environnement, *, adresse: str, demonstration: bool, cle: str, csp: dict[str, Any]
) -> dict[str, Any]:
    """What `rebond.settings` adds to itself. Raises `ReglageInvalide` for what production may not do."""
    https = adresse.startswith("https:")
    return {
        **_second_facteur(env, https=https, demonstration=demonstration, cle=cle),
        **_proconnect(env, https=https, csp=csp),
        **_sessions(env),
        "MFA_FORMS": {nom: f"rebond.comptes.second_facteur.forms.{classe}" for nom, classe in FORMULAIRES.items()},
    }


FORMULAIRES = {
    "activate_totp": "ActiverTotpForm",
    "add_webauthn": "AjouterCleForm",
    "authenticate": "SecondFacteurForm",
    "edit_webauthn": "RenommerCleForm",
    "reauthenticate": "ConfirmerParSecondFacteurForm",
}


def _second_facteur(env: Environnement, *, https: bool, demonstration: bool, cle: str) -> dict[str, Any]:
    defaut = FACULTATIF if demonstration and not https else EXIGE
    choix = env.texte("REBOND_SECOND_FACTEUR", defaut)
    if choix not in {EXIGE, FACULTATIF}:
        raise ReglageInvalide(f"REBOND_SECOND_FACTEUR vaut « {choix} » : écrivez {EXIGE} ou {FACULTATIF}.")
    if https and choix == FACULTATIF:
        raise ReglageInvalide(
            "REBOND_SECOND_FACTEUR vaut « facultatif », ce qu'un portail en https: refuse : laissez « exige »."
        )
    return {
        "SECOND_FACTEUR_EXIGE": choix == EXIGE,
        # What encrypts the secrets of second factors in the database; former keys still read what they wrote.
        "CLES_DES_SECONDS_FACTEURS": env.liste("REBOND_CLES_DES_SECONDS_FACTEURS", [cle]),
        "MFA_ADAPTER": "rebond.comptes.second_facteur.adaptateur.AdaptateurDeSecondFacteur",
        "MFA_SUPPORTED_TYPES": ["totp", "webauthn", "recovery_codes"],
        "MFA_PASSKEY_LOGIN_ENABLED": True,
        "MFA_TOTP_ISSUER": "Rebond industriel",
        "MFA_WEBAUTHN_ALLOW_INSECURE_ORIGIN": False,
    }


def _proconnect(env: Environnement, *, https: bool, csp: dict[str, Any]) -> dict[str, Any]:
    adresse = env.texte("REBOND_PROCONNECT_ADRESSE", "").rstrip("/")
    seuls = env.booleen("REBOND_AGENTS_PAR_PROCONNECT", False)
    reglages: dict[str, Any] = {
        "PROCONNECT_ADRESSE": adresse,
        "AGENTS_PAR_PROCONNECT": seuls,
        "SOCIALACCOUNT_ADAPTER": "rebond.comptes.proconnect.adaptateur.AdaptateurProConnect",
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION": False,
        "SOCIALACCOUNT_EMAIL_AUTHENTICATION_AUTO_CONNECT": True,
        "SOCIALACCOUNT_ONLY": False,
    }
    if not adresse:
        if seuls:
            raise ReglageInvalide("REBOND_AGENTS_PAR_PROCONNECT demande REBOND_PROCONNECT_ADRESSE.")
        return reglages
    if https and not adresse.startswith("https:"):
        raise ReglageInvalide(f"REBOND_PROCONNECT_ADRESSE vaut « {adresse} » : une adresse en https: est attendue.")
    origine = urlsplit(adresse)
    # A browser judges by it where the forms that sign in and out are sent on to.
    csp["DIRECTIVES"]["form-action"].append(f"{origine.scheme}://{origine.netloc}")
    reglages["SOCIALACCOUNT_PROVIDERS"] = {
        "proconnect": {
            "APPS": [
                {
                    "name": "ProConnect",
                    "provider_id": "proconnect",
                    "client_id": env.texte("REBOND_PROCONNECT_CLIENT"),
                    "secret": env.texte("REBOND_PROCONNECT_SECRET"),
                    "settings": {
                        "server_url": adresse,
                        "oauth_pkce_enabled": True,
                        "scope": ["openid", "given_name", "usual_name", "email", "siret", "uid"],
                        "auth_params": {"claims": CLAIMS_DEMANDES},
                        "token_auth_method": "client_secret_post",
                    },
                }
            ]
        }
    }
    return reglages


def _sessions(env: Environnement) -> dict[str, Any]:
    inactivite, duree = env.entier("REBOND_INACTIVITE", 120), env.entier("REBOND_SESSION", 720)
    if not 5 < inactivite <= duree:
        raise ReglageInvalide("REBOND_INACTIVITE (minutes) doit dépasser 5, sans dépasser REBOND_SESSION.")
    return {
        # Minutes. What is left of an abandoned session is swept a day later.
        "SESSION_INACTIVITE": inactivite,
        "SESSION_DUREE": duree,
        "SESSION_COOKIE_AGE": 60 * duree + 86_400,
        "USERSESSIONS_TRACK_ACTIVITY": False,
    }
