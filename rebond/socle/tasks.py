"""Periodic work of the base: signs of life and letters."""

from celery import shared_task

from rebond.socle import courriers
from rebond.socle.models import Battement
from rebond.socle.temps import horloge_base


@shared_task
def battre() -> None:
    """Written by a worker that the beat woke: one row that proves both alive."""
    Battement.objects.update_or_create(nom="battement", defaults={"instant": horloge_base()})


@shared_task
def envoyer_courriers() -> int:
    return courriers.envoyer_en_attente(maintenant=horloge_base())
