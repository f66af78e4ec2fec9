"""The Celery application; `rebond.socle.taches` loads it for who sends, workers with `-A rebond`."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init, worker_ready, worker_shutdown

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.settings")

app = Celery("rebond")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery makes an application current for the importing thread only; web requests run in others.
app.set_default()


@worker_init.connect(dispatch_uid="rebond.exigences")
@beat_init.connect(dispatch_uid="rebond.exigences")
def exiger_avant_de_commencer(**_: Any) -> None:
    """A worker and beat refuse what the web server refuses."""
    import django  # late: apps

    from rebond.environnement import ReglageInvalide  # late: apps
    from rebond.exigences import exiger  # late: apps
    from rebond.socle.bdd.roles import exiger_au_demarrage  # late: apps

    django.setup()
    try:
        exiger()
        exiger_au_demarrage()
    except ReglageInvalide as refus:
        print(refus, file=sys.__stderr__, flush=True)
        # Celery notes what a receiver raises, and goes on; beat takes SystemExit for an orderly end.
        os._exit(1)


@worker_ready.connect(dispatch_uid="rebond.presence")
def dire_que_l_on_vit(sender: Any, **_: Any) -> None:
    """The main process of a worker says so again and again; its pool may be busy meanwhile."""
    from rebond.surveillance.ouvriers import RYTHME_OUVRIERS, dire_present  # late: apps

    dire_present(sender.hostname)
    sender.timer.call_repeatedly(RYTHME_OUVRIERS, dire_present, (sender.hostname,))


@worker_shutdown.connect(dispatch_uid="rebond.presence")
def dire_que_l_on_part(sender: Any, **_: Any) -> None:
    from rebond.surveillance.ouvriers import dire_parti  # late: apps

    dire_parti(sender.hostname)
