"""The Celery application; `rebond.portail` loads it with Django, workers with `-A rebond`."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.settings")

app = Celery("rebond")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# Celery makes an application current for the importing thread only; web requests run in others.
app.set_default()
