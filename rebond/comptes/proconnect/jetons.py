"""Reading what ProConnect signs: its ID token and its `userinfo` (OpenID Connect Core 1.0, 3.1.3.7 and 5.3)."""

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from allauth.socialaccount.providers.oauth2.client import OAuth2Error

if TYPE_CHECKING:
    import jwt

#: Never « none », never a shared secret: what the header of a token names chooses among these alone.
ALGORITHMES = ("RS256", "ES256")
#: Seconds by which both clocks may differ.
ECART = 30


def lire(
    jeton: str, *, cles: Mapping[str, Any], emetteur: str, client: str, exiges: tuple[str, ...]
) -> dict[str, Any]:
    """The claims of `jeton`, once its signature, issuer, audience and dates are right and `exiges` are there.

    `cles` is the key set of the issuer (RFC 7517). Raises OAuth2Error, whose text is for the log and says no claim.
    """
    import jwt  # late: heavy

    try:
        claims: dict[str, Any] = jwt.decode(
            jeton,
            key=_cle(jeton, cles),
            algorithms=list(ALGORITHMES),
            issuer=emetteur,
            audience=client,
            leeway=ECART,
            options={"require": ["iss", "aud", *exiges], "strict_aud": False},
        )
    except (jwt.PyJWTError, ValueError, TypeError) as erreur:
        raise OAuth2Error(f"Jeton refusé : {type(erreur).__name__}") from erreur
    if isinstance(claims["aud"], list) and len(claims["aud"]) > 1 and claims.get("azp") != client:
        raise OAuth2Error("Jeton refusé : plusieurs destinataires, et un autre que nous autorisé")
    return claims


def verifier_le_nonce(claims: Mapping[str, Any], attendu: str) -> None:
    """That the token answers the very request of this session. Raises OAuth2Error."""
    recu = claims.get("nonce")
    if not attendu or not isinstance(recu, str) or not secrets.compare_digest(recu.encode(), attendu.encode()):
        raise OAuth2Error("Jeton refusé : nonce")


def _cle(jeton: str, cles: Mapping[str, Any]) -> "jwt.PyJWK":
    """The key that the header names, as the issuer publishes it for signing. Raises PyJWTError for any other."""
    import jwt  # late: heavy

    entete = jwt.get_unverified_header(jeton)
    for cle in jwt.PyJWKSet.from_dict(dict(cles)).keys:
        if cle.key_id == entete.get("kid") and cle.public_key_use in (None, "sig"):
            return cle
    raise jwt.InvalidKeyError("kid")
