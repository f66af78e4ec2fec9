"""The demonstration set, loaded once for this folder and rolled back at its end."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from django.test import override_settings


@pytest.fixture(scope="package")
def demonstration(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """What `manage.py demo` printed."""
    sortie = StringIO()
    with django_db_blocker.unblock(), transaction.atomic(), override_settings(DEMONSTRATION=True):
        call_command("demo", stdout=sortie)
        yield sortie.getvalue()
        transaction.set_rollback(True)
