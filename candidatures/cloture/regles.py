"""When a wave may be closed, extended, and what an incident may bear on."""

from datetime import datetime, timedelta

from candidatures.vagues.etats import EtatVague

# What broke a little before a wave opened may still count for it.
INCIDENT_AVANT_L_OUVERTURE = timedelta(days=30)


def grace_ecoulee(maintenant: datetime, cloture: datetime, grace: timedelta) -> bool:
    """From here on nothing received before the deadline can still be recorded: the wave may be closed."""
    return maintenant >= cloture + grace


def peut_prolonger(etat_vague: str) -> bool:
    """Whether more time may still be given: until the decisions of the wave are taken, hence before any result."""
    return etat_vague in {EtatVague.PREVUE, EtatVague.EN_INSTRUCTION}
