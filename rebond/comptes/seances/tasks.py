"""Periodic work of accounts."""

from celery import shared_task

from rebond.comptes.seances.actions import oublier
from rebond.socle.horloge.temps import horloge_base


@shared_task
def oublier_les_sessions() -> int:
    return oublier(maintenant=horloge_base())
