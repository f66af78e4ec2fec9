"""Instants and dates. Only views, tasks and commands read a clock; everything below receives `maintenant`."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

PARIS = ZoneInfo("Europe/Paris")
# What scripts and kernels count from.
EPOQUE = datetime(1970, 1, 1, tzinfo=UTC)


def horloge_base() -> datetime:
    """The database's `clock_timestamp()`, aware: the one clock that several web servers share."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT clock_timestamp()")
        instant: datetime = curseur.fetchone()[0]
    return instant


def fin_de_journee(jour: date) -> datetime:
    """First instant after `jour` in Paris: `instant < fin_de_journee(jour)` reads « au `jour` inclus ».

    The last day that Python knows has no tomorrow: its last microsecond stands for it.
    """
    if jour == date.max:
        return datetime.combine(jour, time.max, tzinfo=PARIS)
    return datetime.combine(jour + timedelta(days=1), time.min, tzinfo=PARIS)


def debut_de_journee(jour: date) -> datetime:
    return datetime.combine(jour, time.min, tzinfo=PARIS)


def jour_de_paris(instant: datetime) -> date:
    """The calendar day of an instant as people in Paris read it."""
    return instant.astimezone(PARIS).date()
