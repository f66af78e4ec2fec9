"""The deadline rule: when a deposit is in time, and when people are reminded of it."""

from datetime import datetime, timedelta

from candidatures.dossier.etats import ETATS_MODIFIABLES, Qualite
from candidatures.vagues.etats import Phase

DERNIERE_MINUTE = timedelta(minutes=1)
# How long before the deadline whoever takes part in a draft is reminded of it.
RAPPELS = (timedelta(days=30), timedelta(days=7), timedelta(days=2), timedelta(days=1), timedelta(hours=3))


def peut_deposer(etat: str, phase: Phase, qualite: str | None) -> bool:
    """Whether to offer the deposit. The deadline itself is judged on reception, by the action and by the database."""
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR


def peut_retirer(etat: str, phase: Phase, qualite: str | None) -> bool:
    return etat in ETATS_MODIFIABLES and phase is Phase.OUVERTE and qualite == Qualite.PORTEUR


def dernier_rappel(cloture: datetime, maintenant: datetime) -> timedelta | None:
    """The last of `RAPPELS` whose instant has come; None before the first one, and from the deadline on."""
    if maintenant >= cloture:
        return None
    return min((seuil for seuil in RAPPELS if maintenant >= cloture - seuil), default=None)


def recu_a_temps(recu_le: datetime, ouverture: datetime, cloture: datetime) -> bool:
    """12:00 means 12:00:00.000000: a request received at the very instant of the closing is late."""
    return ouverture <= recu_le < cloture


def derniere_minute(instant: datetime, echeance: datetime) -> bool:
    """Whether it is too late to ask whoever deposits to read again: they might not have the time."""
    return instant >= echeance - DERNIERE_MINUTE
