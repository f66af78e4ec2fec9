"""The demonstration set, loaded once for this folder and rolled back at its end."""

from collections.abc import Iterator
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import override_settings

from tests.decors import partage


@pytest.fixture(scope="package")
def demonstration(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[str]:
    """What `manage.py demo` printed."""

    def charger() -> str:
        sortie = StringIO()
        call_command("demo", stdout=sortie)
        return sortie.getvalue()

    with override_settings(DEMONSTRATION=True), partage(django_db_blocker, charger) as dit:
        yield dit
