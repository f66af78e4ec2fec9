"""A real Celery worker in its own process, on the test database."""

import os
import signal
import subprocess
import sys
import threading
from contextlib import suppress
from typing import IO
from urllib.parse import quote

import redis
from django.conf import settings
from django.db import connection

from tests.outils.enfants import environ_d_un_enfant

DELAI = 30.0


class Ouvrier:
    """`file`: the only queue that it takes from. `pid` is the worker's process number. `lignes` is what it has logged
    so far."""

    def __init__(self, *, pool: str, concurrence: int, environ: dict[str, str], file: str = "") -> None:
        self.lignes: list[str] = []
        self._processus = subprocess.Popen(
            [
                *(sys.executable, "-m", "celery", "-A", "rebond", "worker", "--loglevel", "INFO", "--pool", pool),
                *("--concurrency", str(concurrence), "--without-gossip", "--without-mingle", "-n", f"o{id(self)}@%h"),
                *(("-Q", file) if file else ()),
            ],
            env=environ_d_un_enfant() | {"DATABASE_URL": url_de_la_base_de_test(), "PYTHONUNBUFFERED": "1"} | environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        self.pid = self._processus.pid
        assert self._processus.stdout is not None
        self._sortie: IO[str] = self._processus.stdout
        self._lecture = threading.Thread(target=self._lire, daemon=True)
        self._pret = threading.Event()
        self._fini = threading.Event()
        self._lecture.start()
        self._attendre_pret()

    def tuer(self) -> None:
        """SIGKILL, to the worker and to its children: nothing of what it was doing is finished."""
        self._signaler(signal.SIGKILL)

    def arreter(self) -> None:
        """Stop and wait; for the end of a test, whatever state the worker is in."""
        if self._processus.poll() is None:
            self._processus.terminate()
            try:
                self._processus.wait(DELAI / 3)
            except subprocess.TimeoutExpired:
                self._signaler(signal.SIGKILL)
        self._signaler(signal.SIGKILL)
        self._lecture.join(DELAI)
        self._sortie.close()

    def _signaler(self, ordre: signal.Signals) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, ordre)
        self._processus.wait(DELAI)

    def _lire(self) -> None:
        for ligne in self._sortie:
            self.lignes.append(ligne.rstrip())
            if ligne.rstrip().endswith(" ready."):
                self._pret.set()
        self._fini.set()
        self._pret.set()

    def _attendre_pret(self) -> None:
        a_temps = self._pret.wait(DELAI)
        if not a_temps or self._fini.is_set():
            self.arreter()
            raise AssertionError("L'ouvrier n'a pas démarré :\n" + "\n".join(self.lignes))


def vider_la_file() -> None:
    """Forget every message of earlier tests. The queue is the suite's own (see tests/conftest.py)."""
    client = redis.Redis.from_url(settings.REDIS_URL)
    try:
        client.flushdb()
    finally:
        client.close()


def url_de_la_base_de_test() -> str:
    base = connection.settings_dict
    compte = ":".join(quote(str(base[cle]), safe="") for cle in ("USER", "PASSWORD") if base[cle])
    return f"postgresql://{compte}@{base['HOST']}:{base['PORT']}/{base['NAME']}"
