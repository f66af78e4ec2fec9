"""Going through the mailbox of returns."""

import logging

from django.conf import settings
from django.db import transaction

from rebond.socle.courriers.retours.actions import constater
from rebond.socle.courriers.retours.boites import BoiteIllisible, ouvrir
from rebond.socle.courriers.retours.lecture import lire
from rebond.socle.courriers.retours.regles import Source

journal = logging.getLogger(__name__)


def relever() -> int:
    """Read what came since the last time, and return how many letters it speaks of; 0 without a mailbox.

    Killed between a letter and its mark, or run twice at once, the same message is read again and counts once.
    """
    if not settings.RETOURS_BOITE:
        return 0
    trouves = 0
    try:
        with ouvrir(settings.RETOURS_BOITE) as recus:
            for recu in recus:
                constat = lire(recu.octets)
                if constat is not None:
                    with transaction.atomic():
                        trouves += constater(constat, Source.BOITE) is not None
                recu.marquer_lu()
    except BoiteIllisible as erreur:
        journal.warning("%s", erreur)
    return trouves
