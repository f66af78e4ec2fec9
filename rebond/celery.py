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


@worker_init.connect
@beat_init.connect
def exiger_avant_de_commencer(**_: Any) -> None:
    """A worker and beat refuse what the web server refuses."""
    import django

    from rebond.environnement import ReglageInvalide
    from rebond.exigences import exiger

    django.setup()
    try:
        exiger()
    except ReglageInvalide as refus:
        print(refus, file=sys.__stderr__, flush=True)
        # Beat takes SystemExit for an orderly end, and would report a success.
        os._exit(1)
