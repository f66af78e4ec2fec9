"""What is counted before anything goes."""

from collections.abc import Iterable
from datetime import datetime

from rebond.donnees.conservation.regles import REGLES, Regle


def compter(*, maintenant: datetime, regles: Iterable[Regle] = REGLES) -> dict[str, int]:
    """How many objects of each kind are due; nothing is changed."""
    return {regle.cle: regle.echus(maintenant).count() for regle in regles}
