"""The Celery application; `rebond.portail` loads it with Django, workers with `-A rebond`."""

import os
import sys
from typing import Any

from celery import Celery
from celery.signals import beat_init, worker_init

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
    import django

    from rebond.environnement import ReglageInvalide
    from rebond.exigences import exiger
    from rebond.socle.bdd.roles import exiger_au_demarrage

    django.setup()
    try:
        exiger()
        exiger_au_demarrage()
    except ReglageInvalide as refus:
        print(refus, file=sys.__stderr__, flush=True)
        # Celery notes what a receiver raises, and goes on; beat takes SystemExit for an orderly end.
        os._exit(1)
