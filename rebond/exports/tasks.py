"""Work of the workers on exports: thin, harmless when run twice."""

from celery import shared_task

from rebond.exports import actions
from rebond.socle.horloge.temps import horloge_base

#: In seconds: a table of a million rows takes minutes, and holds nobody up in its own queue.
DUREE_MAX = 1800


@shared_task(soft_time_limit=DUREE_MAX, time_limit=DUREE_MAX + 60)
def preparer(pk: int) -> bool:
    return actions.preparer(pk, maintenant=horloge_base())


@shared_task
def veiller() -> int:
    return actions.veiller(maintenant=horloge_base())
