"""A data folder for one test, and commands of their own that use its servers."""

import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

COMMANDE = """
import os, signal, sys
from rebond.embarque import ServeurIndisponible, serveurs
try:
    with serveurs():
        print(os.environ["DATABASE_URL"], os.environ["REDIS_URL"], flush=True)
        sys.stdin.readline()
except ServeurIndisponible as panne:
    sys.exit(str(panne))
"""


class Commande:
    """A process that holds the servers until it is told to leave."""

    def __init__(self, donnees: Path) -> None:
        environ = {nom: valeur for nom, valeur in os.environ.items() if nom not in {"DATABASE_URL", "REDIS_URL"}}
        self.processus = subprocess.Popen(
            [sys.executable, "-c", COMMANDE],
            env=environ | {"REBOND_DONNEES": str(donnees)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def urls(self) -> list[str]:
        """Wait until the servers are there."""
        assert self.processus.stdout is not None
        return self.processus.stdout.readline().split()

    def partir(self) -> tuple[int, str]:
        """Leave normally; exit code and what was written to stderr."""
        _, erreurs = self.processus.communicate("\n", timeout=60)
        return self.processus.returncode, erreurs

    def signaler(self, ordre: signal.Signals) -> int:
        self.processus.send_signal(ordre)
        self.processus.communicate(timeout=60)
        return self.processus.returncode


@pytest.fixture
def donnees(tmp_path: Path) -> Iterator[Path]:
    dossier = tmp_path / "donnees"
    yield dossier
    ailleurs = dossier / "emplacement"
    if ailleurs.exists():
        shutil.rmtree(ailleurs.read_text())


@pytest.fixture
def commande(donnees: Path) -> Iterator[type[Commande]]:
    """Starts commands on `donnees`; they are ended with the test."""
    ouvertes: list[Commande] = []

    class Suivie(Commande):
        def __init__(self) -> None:
            super().__init__(donnees)
            ouvertes.append(self)

    yield Suivie
    for une in ouvertes:
        if une.processus.poll() is None:
            une.signaler(signal.SIGTERM)
    # The last word when a test failed half-way: whoever comes last stops the servers.
    if donnees.is_dir():
        derniere = Commande(donnees)
        derniere.urls()
        derniere.partir()


@pytest.fixture
def port_pris() -> Iterator[int]:
    with socket.socket() as prise:
        prise.bind(("127.0.0.1", 0))
        prise.listen()
        yield prise.getsockname()[1]
