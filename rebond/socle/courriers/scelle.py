"""The text of a letter that nobody but its reader may read, while it waits: a code opens an account.

Sealed with a key that is made from the portal's: whoever reads the table, a page, an export or a backup of it reads
nothing. It is erased as soon as the letter has left.
"""

from base64 import urlsafe_b64encode

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac


class ScelleIllisible(Exception):
    """The key of the portal has changed since, or the row was altered."""


def sceller(texte: str) -> str:
    return _cles().encrypt(texte.encode()).decode()


def ouvrir(scelle: str) -> str:
    """Raises ScelleIllisible."""
    try:
        return _cles().decrypt(scelle).decode()
    except InvalidToken as erreur:
        raise ScelleIllisible from erreur


def _cles() -> MultiFernet:
    """The first one seals; former keys of the portal still open."""
    return MultiFernet([_cle(secret) for secret in (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)])


def _cle(secret: str) -> Fernet:
    derivee = salted_hmac("rebond.socle.courriers.scelle", "fernet", secret=secret, algorithm="sha256").digest()
    return Fernet(urlsafe_b64encode(derivee))
