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


@worker_init.connect(dispatch_uid="rebond.role")
@beat_init.connect(dispatch_uid="rebond.role")
def _exiger_un_role_sans_pouvoir(**_: Any) -> None:
    from rebond.environnement import ReglageInvalide
    from rebond.socle.bdd.roles import exiger_au_demarrage

    try:
        exiger_au_demarrage()
    except ReglageInvalide as refus:
        # Celery notes what a receiver raises, and goes on: this alone stops it.
        sys.exit(str(refus))
