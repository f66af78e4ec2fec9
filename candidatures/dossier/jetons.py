"""The secret of a link: drawn here, and kept as its SHA-256 alone. 256 bits: nobody guesses one."""

import hashlib
import secrets

OCTETS = 32


def tirer() -> tuple[str, str]:
    """A new secret, and what is kept of it."""
    jeton = secrets.token_urlsafe(OCTETS)
    return jeton, empreinte_du_jeton(jeton)


def empreinte_du_jeton(jeton: str) -> str:
    return hashlib.sha256(jeton.encode()).hexdigest()
