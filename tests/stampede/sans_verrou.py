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
    from candidatures.depot.actions import dossier_tenu as du_depot
    from candidatures.dossier.actions import dossier_tenu as du_dossier
    from candidatures.models import Candidature
    from rebond.socle.horloge.temps import horloge_base

    verifier = depots._verifier_reception

    def verifier_puis_dormir(candidature: Candidature, recu_le: datetime) -> None:
        verifier(candidature, recu_le)
        vague = candidature.vague
        reste = vague.cloture + vague.grace + APRES_LA_CLOTURE - horloge_base()
        if reste < timedelta(minutes=12) and DORMEURS.acquire(blocking=False):
            try:
                time.sleep(max(0.0, reste.total_seconds()))
            finally:
                DORMEURS.release()

    du_depot.VAGUE = du_depot.VAGUE.replace("FOR SHARE", "")
    du_dossier.VERROU = du_dossier.VERROU.replace("FOR UPDATE OF c", "")
    depots._verifier_reception = verifier_puis_dormir
