"""gunicorn's configuration of the control: a build whose deposit holds no row, and sleeps after its check.

The stampede must fail on it, or it proves nothing. The database's trigger is disabled by `tests.stampede.donnees`.
"""

import threading
import time
from datetime import datetime, timedelta
from typing import Any

import rebond.gunicorn
from rebond.gunicorn import *  # noqa: F403

# Asleep at the same time in one process: the others must still be answered.
DORMEURS = threading.BoundedSemaphore(2)
APRES_LA_CLOTURE = timedelta(seconds=7)


def post_worker_init(worker: Any) -> None:
    rebond.gunicorn.post_worker_init(worker)
    from candidatures.depot.actions import depots
    from candidatures.models import Candidature
    from rebond.socle.horloge.temps import horloge_base

    verifier = depots._verifier_reception

    def lire_sans_tenir(candidature: Candidature) -> Candidature:
        return Candidature.objects.select_related("vague", "cahier", "territoire__chef_de_file").get(pk=candidature.pk)

    def verifier_puis_dormir(candidature: Candidature, recu_le: datetime) -> None:
        verifier(candidature, recu_le)
        vague = candidature.vague
        reste = vague.cloture + vague.grace + APRES_LA_CLOTURE - horloge_base()
        if reste < timedelta(minutes=12) and DORMEURS.acquire(blocking=False):
            try:
                time.sleep(max(0.0, reste.total_seconds()))
            finally:
                DORMEURS.release()

    depots.tenir_avec_sa_vague = lire_sans_tenir
    depots._verifier_reception = verifier_puis_dormir
