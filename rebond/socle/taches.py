"""Scheduling by name, on commit: actions never import tasks, and a rolled back act queues nothing.

The row that the act wrote is the pending work; the message only wakes a worker early. When the broker is down
the act still succeeds, and the next beat finds the row.
"""

import logging

from celery import current_app
from django.db import transaction
from kombu.exceptions import OperationalError

journal = logging.getLogger(__name__)


def planifier(nom: str, *arguments: int | str) -> None:
    """Send task `nom` once the current transaction has committed."""
    transaction.on_commit(lambda: _envoyer(nom, arguments), robust=True)


def _envoyer(nom: str, arguments: tuple[int | str, ...]) -> None:
    try:
        current_app.send_task(nom, args=arguments, retry=False)
    except OperationalError:
        journal.warning("File d'attente injoignable : %s attendra le prochain battement.", nom)
