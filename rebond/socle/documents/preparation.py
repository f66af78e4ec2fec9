"""Documents that are laid out while somebody waits: one at a time in the whole portal, and kept for a while."""

from base64 import b64decode, b64encode
from collections.abc import Callable
from hashlib import sha256

from django.core.cache import cache

from rebond.socle.bdd import verrous

#: Seconds. What a document is made from is part of its key: one that is kept is never out of date.
GARDE = 600
#: Bytes of base64; a larger one is made again.
TAILLE_MAX = 8 * 1024 * 1024
VERROU = "document préparé dans une requête"


def preparer(cle: str, fabriquer: Callable[[], bytes]) -> bytes | None:
    """The document that `cle` names for ever, made before or now; None while another one is being made: ask again.

    Laying out takes seconds of a processor: twenty at once would keep the portal from answering anybody.
    """
    gardee = f"document:{sha256(cle.encode()).hexdigest()}"
    if (garde := cache.get(gardee)) is not None:
        return b64decode(garde)
    with verrous.exclusif(VERROU) as seul:
        if not seul:
            return None
        fait = fabriquer()
    ecrit = b64encode(fait).decode()
    if len(ecrit) <= TAILLE_MAX:
        cache.set(gardee, ecrit, GARDE)
    return fait
