"""The suite's ground: real servers, no network, no undefined template variable, no warning.

Without DATABASE_URL the suite runs on embedded servers of its own, in `essais/` of the data folder. This file is
imported before Django loads its settings, which is why the servers are started here and not in a fixture.
"""

import gc
import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from rebond.embarque import ServeurIndisponible, dossier_des_donnees, serveurs
from tests.outils import roles
from tests.outils.enfants import BOUCLE_DU_NAVIGATEUR

CHROMIUM = {
    "executable_path": "/usr/bin/chromium",
    "args": [
        "--no-sandbox",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--no-first-run",
        # Nobody looks at what is drawn: a graphics card played by the processor is a fifth of all that pages cost.
        "--disable-gpu",
        "--disable-software-rasterizer",
        # Nothing but this machine has a name: a page that loads anything from elsewhere fails.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
    ],
}
# From the fastest to the slowest kind: what is broken is known early. Where processes share the suite it is the other
# way round: the longest tests begin while there is much to do beside them, and nobody waits for the last of them.
RANGS = ("concurrence", "navigateur")
# Folders whose tests last tens of seconds each, without a browser.
LONGS = ("acces", "requetes", "banc", "bureau", "recherche", "evaluation", "demo")
FILE_DES_ESSAIS = 15
RAMASSAGES = (10_000, 20, 20)

_pile = ExitStack()
# Until all is there that stays to the end (`pytest_collection_finish`).
gc.disable()


def _preparer() -> None:
    """Started once; the processes that share the suite (`pytest -n`) inherit the servers' addresses."""
    if not os.environ.get("DATABASE_URL") and not os.environ.get("REDIS_URL"):
        environ = os.environ | {"REBOND_DONNEES": str(dossier_des_donnees(os.environ) / "essais")}
        _pile.enter_context(serveurs(environ, jetables=True))
        os.environ |= {nom: environ[nom] for nom in roles.ADRESSES}
        os.environ["REDIS_URL"] = environ["REDIS_URL"].removesuffix("/0") + f"/{FILE_DES_ESSAIS}"
    roles.separer()
    if rang := os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw"):
        base, _, file = os.environ["REDIS_URL"].rpartition("/")
        os.environ["REDIS_URL"] = f"{base}/{int(file) - 1 - int(rang)}"
    donnees = Path(_pile.enter_context(tempfile.TemporaryDirectory(prefix="rebond-essais-")))
    (donnees / "statique").mkdir()
    os.environ |= {
        "DJANGO_SETTINGS_MODULE": "rebond.settings",
        "REBOND_CLE_SECRETE": "une-clef-pour-les-essais",
        "REBOND_DEMONSTRATION": "non",
        "REBOND_DONNEES": str(donnees),
        "REBOND_PRESSE_ADRESSE": "https://rebond.gouv.fr",
        # Asked for by the tests that speak of it.
        "REBOND_SECOND_FACTEUR": "facultatif",
        "REBOND_PRESSE_CONTACTS": "Service de presse : 01 23 45 67 89 – presse@industrie.gouv.fr",
    }


try:
    _preparer()
except ServeurIndisponible as panne:
    pytest.exit(str(panne), returncode=3)


def pytest_configure(config: pytest.Config) -> None:
    import django

    from tests.outils.gabarits import exiger_les_variables

    django.setup()
    # What sends a task loads it; tests do without saying so.
    import rebond.celery  # noqa: F401

    _regler()
    roles.employer_les_roles()
    exiger_les_variables()
    if config.getoption("numprocesses", None):
        # This one collects nothing.
        gc.enable()
        # The processes that share the suite read the settings only once this file has given them their own queue.
        del os.environ["DJANGO_SETTINGS_MODULE"]


def _regler() -> None:
    """Said once, for what a module or a session makes for its tests too."""
    from django.conf import settings

    # Hashing a password slowly is for attackers; Django's own default is kept in the settings.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    # Each test client makes a WhiteNoise, which would look at every static file for half a second.
    settings.WHITENOISE_AUTOREFRESH = True


def pytest_unconfigure() -> None:
    _pile.close()


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test of tests/navigateur or tests/concurrence bears the mark of its folder, by which it is ordered."""
    for item in items:
        for rang in RANGS:
            if rang in item.path.parts:
                item.add_marker(rang)
    items.sort(key=_rang, reverse="PYTEST_XDIST_WORKER" in os.environ)
    _reunir(items)


def _rang(item: pytest.Item) -> int:
    if item.path.parent.name in LONGS:
        return len(RANGS) + 1 if "PYTEST_XDIST_WORKER" in os.environ else 0
    return max((RANGS.index(m.name) + 1 for m in item.iter_markers() if m.name in RANGS), default=0)


def pytest_collection_finish() -> None:
    """A tenth of the time would go to looking for what is to be freed among the classes of Django and the tests
    themselves, which stay to the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(*RAMASSAGES)
    gc.enable()


def _reunir(items: list[pytest.Item]) -> None:
    """Modules that share what a package makes for them run one after the other: it is made once."""
    rangs = {item: rang for rang, item in enumerate(items)}
    premiers: dict[str, int] = {}
    for item in items:
        if paquet := _paquet(item):
            premiers.setdefault(paquet, rangs[item])
    items.sort(key=lambda item: premiers.get(_paquet(item), rangs[item]))


def _paquet(item: pytest.Item) -> str:
    """The folder of a fixture of its package that the test asks for."""
    definitions = getattr(item, "_fixtureinfo").name2fixturedefs  # noqa: B009 – pytest has no public name for it
    return next((d[-1].baseid for d in definitions.values() if d[-1].scope == "package"), "")


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Bytes name no test: those of an archive hold the second at which it was made."""
    return argname if isinstance(val, bytes) else None


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None, django_db_blocker: Any) -> None:
    from django.db import connection

    from tests.outils.modele_de_base import nom_du_modele

    with django_db_blocker.unblock():
        connection.settings_dict["TEST"]["TEMPLATE"] = nom_du_modele()


@pytest.fixture(autouse=True)
def _rien_n_est_relu_en_silence(monkeypatch: pytest.MonkeyPatch) -> None:
    """A list leaves in the database what none of its columns shows; reading it after all would be a query a row."""
    from django.db.models.query_utils import DeferredAttribute

    lire = DeferredAttribute.__get__

    def stricte(attribut: Any, objet: Any, classe: Any = None) -> Any:
        if objet is not None:
            assert attribut.field.attname in objet.__dict__, f"{attribut.field} : laissé dans la base, puis relu"
        return lire(attribut, objet, classe)

    monkeypatch.setattr(DeferredAttribute, "__get__", stricte)


@pytest.fixture(autouse=True)
def _cache_du_test(settings: Any) -> Iterator[None]:
    """Each test has its own cache, in memory: emptying the shared one would empty the queue beside it."""
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    from django.core.cache import cache

    from rebond.portail.parution import exemplaires

    cache.clear()
    exemplaires.vider()
    yield
    cache.clear()


@pytest.fixture(autouse=True)
def _le_facteur_passe_aussitot(monkeypatch: pytest.MonkeyPatch) -> None:
    """The thread of a web process, which sends what people wait for, would not see what a test has not committed."""
    from rebond.socle.courriers import facteur

    monkeypatch.setattr(facteur, "reveiller", facteur.distribuer)


@pytest.fixture
def seances_de_l_instant(monkeypatch: pytest.MonkeyPatch) -> None:
    """Statements are counted for minutes on a busy machine: a session dated again meanwhile asks for two more."""
    monkeypatch.setattr("rebond.comptes.seances.middleware.PAS", timedelta(days=1))


@pytest.fixture
def sans_valkey(settings: Any, _cache_du_test: None) -> None:
    """The cache of the product, on a server that nobody runs: it must do with its own memory, which is empty."""
    from django.core.cache import cache

    from rebond.socle.requete.cache import CacheDeSecours

    settings.CACHES = {
        "default": {
            "BACKEND": f"{CacheDeSecours.__module__}.{CacheDeSecours.__name__}",
            "LOCATION": "redis://127.0.0.1:1/0",
        }
    }
    cache.clear()


@pytest.fixture
def ouvrier(transactional_db: None) -> Iterator[Callable[..., Any]]:
    """`ouvrier(pool="solo", concurrence=1, environ={}, file="")` starts a real worker on the test database.

    It is ready when the call returns, has `pid`, `lignes`, `tuer()` (SIGKILL) and `arreter()`, and is stopped at the
    end of the test.
    """
    from tests.outils.ouvrier import Ouvrier, vider_la_file

    vider_la_file()
    with ExitStack() as pile:

        def demarrer(
            *, pool: str = "solo", concurrence: int = 1, environ: dict[str, str] | None = None, file: str = ""
        ) -> Ouvrier:
            nouveau = Ouvrier(pool=pool, concurrence=concurrence, environ=environ or {}, file=file)
            pile.callback(nouveau.arreter)
            return nouveau

        yield demarrer


@pytest.fixture(scope="session")
def base_url(live_server: Any) -> str:
    """What the addresses of a page are relative to. (The plugin's own fixture warns under pytest 9.)"""
    return str(live_server.url)


@pytest.fixture(scope="session")
def playwright(django_db_setup: None, playwright: Any) -> Iterator[Any]:
    """While its event loop runs in this thread Django keeps other connections, which nothing would close after it."""
    from django.db import connections

    yield playwright
    connections.close_all()


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    # Playwright leaves an event loop running in this thread until the end of the session; the ORM is used between
    # its steps, never within.
    os.environ[BOUCLE_DU_NAVIGATEUR] = "true"
    return browser_type_launch_args | CHROMIUM


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any], base_url: str) -> dict[str, Any]:
    reglages = {"base_url": base_url, "locale": "fr-FR", "timezone_id": "Europe/Paris"}
    return browser_context_args | reglages | {"viewport": {"width": 1280, "height": 900}}


@pytest.fixture
def navigateur(page: Any) -> Any:
    """A page of a real browser, whose addresses are relative to the live server: `navigateur.goto("/")`."""
    return page
