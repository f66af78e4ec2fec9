"""pytest inside this process, three ways: to learn what each test runs, to stay warm between forks, to start afresh.

The servers and the model of the database are started once; a mutant then costs a fork and the tests that reach it.
"""

import gc
import importlib
import importlib.machinery
import os
import sys
import time
import types
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from pathlib import Path
from typing import Any

import pytest

OPTIONS = (
    *("-q", "--no-header", "--no-summary", "-p", "no:cacheprovider", "-p", "no:randomly", "-p", "no:pytest_cov"),
    # Nobody reads why a test failed, and pytest's own tracebacks cost more than the test.
    "--tb=native",
    # The plugins are there before pytest: this process starts the servers first.
    *("-W", "ignore::pytest.PytestAssertRewriteWarning"),
)
A_LEUR_COMPTE = {"transactional_db", "live_server", "ouvrier", "page", "navigateur"}


# Long to load, and no part of the product.
COMPOSANTS = (
    "celery",
    "django.db.models",
    "django.forms",
    "django.test",
    "hypothesis",
    "psycopg",
    "redis",
    "weasyprint",
)


def precharger() -> None:
    """Load here what every fork would otherwise load again."""
    for composant in COMPOSANTS:
        importlib.import_module(composant)


def qualifie(item: pytest.Item) -> bool:
    """Whether a test leaves the database as it found it, and needs no process of its own."""
    marque = item.get_closest_marker("django_db")
    return not (marque and marque.kwargs.get("transaction")) and A_LEUR_COMPTE.isdisjoint(
        getattr(item, "fixturenames", ())
    )


class Session:
    """A plugin that gives the collected session to `boucle` in place of pytest's own loop."""

    def __init__(self, boucle: Callable[[pytest.Session], None]) -> None:
        self.boucle = boucle

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = filter(qualifie, items)

    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self.boucle(session)
        return True


def lancer(essais: Sequence[str], boucle: Callable[[pytest.Session], None]) -> int:
    return int(pytest.main([*OPTIONS, *essais], plugins=[Session(boucle)]))


def passer(session: pytest.Session, items: Iterable[pytest.Item]) -> None:
    """Each test in turn, with everything made for it undone but what the session keeps."""
    for item in items:
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=session)


def echoue(session: pytest.Session, items: Iterable[pytest.Item], secondes: float) -> str:
    """The first of these tests to fail, none begun after so many seconds; empty when none does."""
    fin = time.monotonic() + secondes
    for item in items:
        if time.monotonic() > fin:
            return ""
        passer(session, [item])
        if session.testsfailed:
            return item.nodeid
    return ""


def echauffer(session: pytest.Session) -> None:
    """Make what the session keeps, the database first, then leave no connection that a fork would share."""
    from django.db import connections

    passer(session, [item for item in session.items if item.get_closest_marker("django_db")][:1])
    connections.close_all()


def vivantes(chemins: Collection[str]) -> list[types.FunctionType]:
    """The functions of these files. Before the forks: to look at every object in each would copy all its memory."""
    trouvees = [f for f in gc.get_objects() if isinstance(f, types.FunctionType) and f.__code__.co_filename in chemins]
    gc.freeze()
    return trouvees


def greffer(code: types.CodeType, ligne: int, parmi: Iterable[types.FunctionType]) -> bool:
    """Give those that begin at this line of a module the body that `code`, its mutant, has for them."""
    nouveaux = {c.co_qualname: c for c in _codes(code) if c.co_firstlineno == ligne}
    visees = [
        f
        for f in parmi
        if f.__code__.co_filename == code.co_filename
        and f.__code__.co_firstlineno == ligne
        and f.__code__.co_qualname in nouveaux
    ]
    for fonction in visees:
        fonction.__code__ = nouveaux[fonction.__code__.co_qualname]
    return bool(visees)


def _codes(code: types.CodeType) -> Iterator[types.CodeType]:
    yield code
    for constante in code.co_consts:
        if isinstance(constante, types.CodeType):
            yield from _codes(constante)


class Chargeur(MetaPathFinder):
    """Loads one module from a code that is not its file's."""

    def __init__(self, code: types.CodeType) -> None:
        chemin = Path(code.co_filename).relative_to(Path.cwd()).with_suffix("")
        self.nom = ".".join(chemin.parts[:-1] if chemin.name == "__init__" else chemin.parts)
        self.code = code

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> importlib.machinery.ModuleSpec | None:
        if fullname != self.nom:
            return None
        spec = importlib.machinery.PathFinder.find_spec(fullname, path)
        assert spec is not None
        assert isinstance(spec.loader, importlib.machinery.SourceFileLoader)
        spec.loader.get_code = lambda _: self.code  # type: ignore[method-assign,assignment]
        return spec


def dans_un_fils(travail: Callable[[], str], secondes: float) -> str:
    """What `travail` answers in a fork, « délai » when it takes longer than that, « plantage » when it dies."""
    lecture, ecriture = os.pipe()
    sys.stdout.flush()
    pid = os.fork()
    if pid == 0:
        _muet()
        reponse = "plantage"
        try:
            reponse = travail()
        finally:
            os.write(ecriture, reponse.encode()[:4000])
            os._exit(0)
    os.close(ecriture)
    return _attendre(pid, lecture, secondes)


def _muet() -> None:
    neant = os.open(os.devnull, os.O_RDWR)
    for sortie in (1, 2):
        os.dup2(neant, sortie)


def _attendre(pid: int, lecture: int, secondes: float) -> str:
    import select
    import signal

    with os.fdopen(lecture, "rb") as tube:
        prets, _, _ = select.select([tube], [], [], secondes)
        reponse = tube.read().decode() if prets else "délai"
    if not prets:
        os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return reponse
