"""The rhythm of the waves and the bounds of their dates."""

from calendar import monthrange
from datetime import UTC, date, datetime, timedelta

from candidatures.vagues.etats import Phase
from rebond.socle.horloge.temps import PARIS

MOIS_ENTRE_RELEVES = 4
PREMIERE_OUVERTURE = datetime(2022, 8, 1, 0, 0, tzinfo=PARIS)
PREMIERE_RELEVE = datetime(2022, 10, 1, 12, 0, tzinfo=PARIS)
# A date beyond is a slip of the finger, which would be kept for ever: waves are programmed so many years ahead, and an
# extension, a correction or an embargo lasts a year at most.
HORIZON_ANNEES = 5
UN_AN_AU_PLUS = timedelta(days=366)
# What Postgres holds, whoever writes: nothing of the call lies outside.
PREMIER_INSTANT = datetime(2020, 1, 1, tzinfo=UTC)
DERNIER_INSTANT = datetime(2100, 1, 1, tzinfo=UTC)


def horizon(maintenant: datetime) -> datetime:
    """The last instant that a wave may be programmed to, in UTC: same day and hour in Paris, years later."""
    local = maintenant.astimezone(PARIS)
    jour = min(local.day, 28) if local.month == 2 else local.day
    return local.replace(year=local.year + HORIZON_ANNEES, day=jour).astimezone(UTC)


def dans_quelques_mois(jour: date, mois: int) -> date:
    """Month for month; a day that the month lacks gives its last one (31 December + 2 → 28 or 29 February)."""
    annees, rang = divmod(jour.month - 1 + mois, 12)
    annee, mois_final = jour.year + annees, rang + 1
    return date(annee, mois_final, min(jour.day, monthrange(annee, mois_final)[1]))


def releve_suivante(releve: datetime) -> datetime:
    """Four months later, same wall-clock time in Paris: noon stays noon across daylight saving time."""
    local = releve.astimezone(PARIS)
    mois = local.month - 1 + MOIS_ENTRE_RELEVES
    return local.replace(year=local.year + mois // 12, month=mois % 12 + 1)


def cahier_modifiable(phase: Phase) -> bool:
    """Whether a wave's specifications may still change: whoever writes a file has read what it is judged by."""
    return phase is Phase.PROGRAMMEE
