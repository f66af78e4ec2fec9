"""WSGI entry point, for gunicorn, which loads it once before its processes part."""

import os
from importlib import import_module

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "rebond.settings")

# What commands do without and pages do not: loaded here, once for all the processes of the server, and before anybody
# waits for a page. What one office alone asks for, now and then, stays late: printing, Word, spreadsheets.
ATTENDUS_PAR_LES_PAGES = ("icalendar", "jwt", "markdown_it", "puremagic", "rebond.celery", "redis")


def preparer() -> None:
    """All that the first request would otherwise wait for. Opens nothing: no connection, no thread, no file."""
    from django.urls import reverse  # late: apps

    for nom in ATTENDUS_PAR_LES_PAGES:
        import_module(nom)
    # The addresses, and what their views import.
    reverse("accueil")


application = get_wsgi_application()
preparer()
