"""The secret of a link: drawn here, and kept as its SHA-256 alone. 256 bits: nobody guesses one."""

import base64
import hashlib
import json
import secrets

from django.utils.crypto import salted_hmac

OCTETS = 32
SEL = "candidatures.dossier.jetons"


def tirer(*graine: object) -> tuple[str, str]:
    """A new secret, and what is kept of it.

    From `graine`, when there is one, the same secret each time: with the portal's key, whoever knows the seed alone
    does not know it.
    """
    jeton = _de(graine) if graine else secrets.token_urlsafe(OCTETS)
    return jeton, empreinte_du_jeton(jeton)


def _de(graine: tuple[object, ...]) -> str:
    octets = salted_hmac(SEL, json.dumps(graine), algorithm="sha256").digest()
    return base64.urlsafe_b64encode(octets).rstrip(b"=").decode()


def empreinte_du_jeton(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()
