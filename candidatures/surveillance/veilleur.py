"""The watch that each web process keeps: a thread, so that alarms ring and leave when every worker is dead."""

import logging
import threading

from django.conf import settings
from django.db import connections

from candidatures.surveillance import veille
from rebond.socle.courriers import envoi as courriers
from rebond.socle.horloge.temps import horloge_base
from rebond.surveillance import derives
from rebond.surveillance.alarmes import PREFIXE_COURRIERS

journal = logging.getLogger(__name__)


def demarrer() -> None:
    """Watch every `settings.VEILLE_PERIODE` seconds for as long as the process lives; 0 for never."""
    if settings.VEILLE_PERIODE > 0:
        threading.Thread(target=_veiller_sans_fin, name="veilleur", daemon=True).start()


def faire_un_tour() -> None:
    """One round, then the letters of its alarms: no worker may be there to send them. Never raises."""
    try:
        derives.surveiller(maintenant=horloge_base())
        veille.veiller(maintenant=horloge_base())
        courriers.envoyer_en_attente(maintenant=horloge_base(), prefixe=PREFIXE_COURRIERS)
    except Exception:  # noqa: BLE001 (whatever went wrong, the next round must come)
        journal.exception("La veille a échoué ; elle reprendra au tour suivant.")
    finally:
        connections.close_all()


def _veiller_sans_fin() -> None:
    pause = threading.Event()
    while not pause.wait(settings.VEILLE_PERIODE):
        faire_un_tour()
