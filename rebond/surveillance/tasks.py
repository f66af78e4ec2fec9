"""Periodic work of the watch."""

from celery import shared_task
from django.conf import settings

from rebond.socle.horloge.temps import horloge_base
from rebond.surveillance import disponibilite, sonde


@shared_task(name="rebond.socle.tasks.sonder")
def sonder() -> None:
    """Ask the portal as a visitor would, and write what came back in the availability log."""
    etat, detail = sonde.sonder(settings.SONDE_ADRESSE)
    disponibilite.observer(etat, detail, maintenant=horloge_base())
