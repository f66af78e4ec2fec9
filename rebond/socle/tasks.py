"""Periodic work of the base: signs of life, letters and the probe."""

from celery import shared_task
from django.conf import settings

from rebond.socle import courriers, disponibilite, envois, sonde, verrous
from rebond.socle.models import Battement
from rebond.socle.temps import horloge_base


@shared_task
def battre() -> None:
    """Written by a worker that the beat woke: one row that proves both alive."""
    Battement.objects.update_or_create(nom="battement", defaults={"instant": horloge_base()})


@shared_task
def envoyer_courriers() -> int:
    """One batch at a time: a slow mail server holds one worker, and leaves the others to the closings."""
    with verrous.exclusif("courriers") as seul:
        return courriers.envoyer_en_attente(maintenant=horloge_base()) if seul else 0


@shared_task
def sonder() -> None:
    """Ask the portal as a visitor would, and write what came back in the availability log."""
    etat, detail = sonde.sonder(settings.SONDE_ADRESSE)
    disponibilite.observer(etat, detail, maintenant=horloge_base())


@shared_task
def oublier_envois() -> int:
    return envois.oublier_les_anciens()
