"""Scheduling by name, on commit: actions never import tasks, and a rolled back act queues nothing.

The row that the act wrote is the pending work; the message only wakes a worker early. When the broker is down
the act still succeeds, and the next beat finds the row.
"""

import logging
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.utils.module_loading import import_string

if TYPE_CHECKING:
    from celery import Celery

journal = logging.getLogger(__name__)


def planifier(nom: str, *arguments: int | str) -> None:
    """Send task `nom` once the current transaction has committed."""
    transaction.on_commit(lambda: _envoyer(nom, arguments), robust=True)


def application() -> "Celery":
    """The Celery application that the settings name: loaded by who sends first, which most commands never do."""
    celery: Celery = import_string(settings.APPLICATION_CELERY)
    return celery


def _envoyer(nom: str, arguments: tuple[int | str, ...]) -> None:
    from kombu.exceptions import OperationalError  # late: heavy

    try:
        application().send_task(nom, args=arguments, retry=False)
    except OperationalError:
        journal.warning("File d'attente injoignable : %s attendra le prochain battement.", nom)
