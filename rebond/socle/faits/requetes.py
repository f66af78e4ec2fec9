"""Reading what was known at an instant."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import connection, transaction

from rebond.socle.bdd import verrous
from rebond.socle.faits.models import VERROU, Fait
from rebond.socle.faits.vues import INSTANT, SCHEMA
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.preuve.instantane import instantane


class RienDeConnu(ValueError):
    """Asked of an instant of which the portal kept nothing, or that is not over."""


def arreter_les_faits() -> datetime:
    """An instant whose facts are all there: whoever was writing one is done, whoever comes next bears a later one.

    Outside a transaction, so that it holds nobody up any longer than it waits.
    """
    with transaction.atomic():
        verrous.attendre(VERROU)
        return horloge_base()


def premiers_faits() -> datetime | None:
    """Since when facts are kept; None when there is none."""
    return Fait.objects.order_by("saisi_le").values_list("saisi_le", flat=True).first()


@contextmanager
def connu_a(instant: datetime) -> Iterator[None]:
    """Within it every followed table is what was known of it at `instant`, for any query: the database puts the views
    of that instant before the tables. Nothing can be written.

    Raises `RienDeConnu` before the first fact, and when `instant` is still to come.
    """
    with instantane(), connection.cursor() as curseur:
        premier = premiers_faits()
        if premier is None or instant < premier or instant > horloge_base():
            raise RienDeConnu(instant)
        curseur.execute("SELECT current_setting('search_path'), coalesce(current_setting(%s, true), '')", [INSTANT])
        avant = curseur.fetchone()
        _regler(f"{SCHEMA}, {avant[0]}", instant.isoformat())
        try:
            yield
        finally:
            if not connection.needs_rollback:
                _regler(*avant)


def _regler(chemin: str, instant: str) -> None:
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT set_config('search_path', %s, true), set_config(%s, %s, true)", [chemin, INSTANT, instant]
        )
