"""Instants and dates. Only views, tasks and commands read a clock; everything below receives `maintenant`."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db import connection

PARIS = ZoneInfo("Europe/Paris")
# What scripts and kernels count from.
EPOQUE = datetime(1970, 1, 1, tzinfo=UTC)


# What the page under way goes by: empty until it is asked; None where nothing is kept.
_tenue: ContextVar[list[datetime] | None] = ContextVar("heure_tenue", default=None)


def horloge_base() -> datetime:
    """The database's `clock_timestamp()`, aware: the one clock that several web servers share.

    A page goes by one instant from its beginning to its end (`une_seule_heure`); an act reads it when it needs it.
    """
    tenue = _tenue.get()
    if tenue is None:
        return lire_l_horloge()
    if not tenue:
        tenue.append(lire_l_horloge())
    return tenue[0]


@contextmanager
def une_seule_heure(lue: datetime | None = None) -> Iterator[None]:
    """Meanwhile `horloge_base` is asked once at most in this thread, and not at all when `lue` has just been read, or
    when whoever called goes by an instant already."""
    jeton = _tenue.set([*(_tenue.get() or ())] if lue is None else [lue])
    try:
        yield
    finally:
        _tenue.reset(jeton)


def lire_l_horloge() -> datetime:
    """What it shows now, for whoever measures it or shows it."""
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
