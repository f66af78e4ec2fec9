"""Counting what may be asked so many times in a while."""

import logging
from dataclasses import dataclass
from hashlib import sha256

from django.core.cache import cache

journal = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limite:
    """`nombre` times in `duree` seconds, for each subject; a new while begins with the first that comes after it."""

    nom: str
    nombre: int
    duree: int


def admis(limite: Limite, sujet: str) -> bool:
    """Count one more for `sujet`; whether it is within the limit. Two at once are both counted."""
    cle = _cle(limite, sujet)
    cache.add(cle, 0, limite.duree)
    try:
        compte: int = cache.incr(cle)
    except ValueError:
        # It expired in between.
        cache.set(cle, 1, limite.duree)
        return True
    if compte == limite.nombre + 1:
        # Once a while: what goes on knocking does not fill the log. The subject is known by its fingerprint alone.
        journal.warning("Limite atteinte : %s (%d en %d s), %s", limite.nom, limite.nombre, limite.duree, cle[-64:-48])
    return compte <= limite.nombre


def rendre(limite: Limite, sujet: str) -> None:
    """Take one back: it was allowed, and turned out not to be what is limited."""
    try:
        cache.decr(_cle(limite, sujet))
    except ValueError:
        return


def oublier(limite: Limite, sujet: str) -> None:
    cache.delete(_cle(limite, sujet))


def _cle(limite: Limite, sujet: str) -> str:
    """Subjects are addresses of people: none is kept in clear, and any length makes a key."""
    return f"limite:{limite.nom}:{sha256(sujet.encode()).hexdigest()}"
