"""When results may become public."""

from datetime import datetime


def embargo_valide(publique_a: datetime, maintenant: datetime) -> bool:
    """Results become public now or later, never in the past."""
    return publique_a >= maintenant
