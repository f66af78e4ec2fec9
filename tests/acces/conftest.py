"""One portal for the tests of a module, undone at its end."""

import logging
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.acces.monde import Decor


@pytest.fixture(scope="module")
def monde(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> "Iterator[Decor]":
    """Decided and announced, under embargo for the wave that is kept secret."""
    from tests.acces import decor
    from tests.decors import partage

    with partage(django_db_blocker, decor.sous_embargo) as monde:
        yield monde


@pytest.fixture(autouse=True)
def _sans_compter(monkeypatch: pytest.MonkeyPatch) -> None:
    """One person asks here for more than anybody does; what counts requests outlives the transaction that is undone,
    and would tell the second portal from the first."""
    monkeypatch.setattr("rebond.socle.requete.limites.phrase_de_depassement", lambda *_: None)


@pytest.fixture(autouse=True)
def _sans_le_dire(monkeypatch: pytest.MonkeyPatch) -> None:
    """Thousands of refusals, each of which would be told with its traceback."""
    monkeypatch.setattr(logging.getLogger("django.request"), "disabled", True)


@pytest.fixture(autouse=True)
def _un_contact_de_securite(settings: Any) -> None:
    """As in production: there is something to read at `/.well-known/security.txt`."""
    settings.SECURITE_CONTACT = "mailto:securite@exemple.fr"
    settings.SECURITE_EXPIRE = (datetime.now(UTC) + timedelta(days=100)).strftime("%d/%m/%Y")


@pytest.fixture(autouse=True)
def _sessions_en_memoire(settings: Any) -> None:
    """Thousands of requests, of which none is about its session: two statements less each time."""
    settings.SESSION_ENGINE = "django.contrib.sessions.backends.cache"


@pytest.fixture
def sans_gabarit(monkeypatch: pytest.MonkeyPatch) -> None:
    """What answers whom is decided before any page is written, and each person is the same from one request to the
    next: the matrix asks thousands of times, reads no page, and reads each person once."""
    from django.contrib import auth

    lire, connues = auth.get_user, {}

    def une_fois(request: Any) -> Any:
        cle = request.session.get(auth.SESSION_KEY)
        if cle not in connues:
            connues[cle] = lire(request)
        return connues[cle]

    monkeypatch.setattr(auth, "get_user", une_fois)
    monkeypatch.setattr("django.template.backends.django.Template.render", lambda *_, **__: "")
