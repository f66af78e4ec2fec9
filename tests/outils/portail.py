"""A real web server in its own process, on the test database."""

import re
import socket
import subprocess
import sys
from collections.abc import Mapping
from contextlib import closing, suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Any

from tests.concurrence.attente import attendre
from tests.outils.enfants import environ_d_un_enfant
from tests.outils.ouvrier import url_de_la_base_de_test


class Portail:
    """gunicorn with one process, on the test database; what its process weighs. `environ` adds to its settings."""

    def __init__(self, donnees: Path, environ: Mapping[str, str] | None = None) -> None:
        with closing(socket.create_server(("127.0.0.1", 0))) as prise:
            self.port = prise.getsockname()[1]
        reglages = {
            "DATABASE_URL": url_de_la_base_de_test(),
            "REBOND_DONNEES": str(donnees),
            "REBOND_WEB_PROCESSUS": "1",
            "PORT": str(self.port),
        }
        self._processus = subprocess.Popen(
            [sys.executable, "-m", "gunicorn", "-c", "python:rebond.gunicorn", "rebond.wsgi"],
            env=environ_d_un_enfant() | reglages | dict(environ or {}),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        attendre(self._repond)

    def arreter(self) -> None:
        self._processus.terminate()
        self._processus.wait(30)

    def demander(self, methode: str, adresse: str, corps: Any = None, **entetes: str) -> tuple[HTTPResponse, bytes]:
        connexion = HTTPConnection("127.0.0.1", self.port, timeout=60)
        with closing(connexion):
            connexion.request(
                methode, adresse, body=corps, headers={n.replace("_", "-"): v for n, v in entetes.items()}
            )
            reponse = connexion.getresponse()
            return reponse, reponse.read()

    def oublier_le_pic(self) -> None:
        # proc(5): « 5 » resets the peak resident set size to the present one.
        Path(f"/proc/{self._enfant}/clear_refs").write_text("5")

    @property
    def pic(self) -> int:
        """Peak resident memory of the web process, in bytes."""
        etat = Path(f"/proc/{self._enfant}/status").read_text()
        (ko,) = re.findall(r"VmHWM:\s+(\d+) kB", etat)
        return int(ko) * 1024

    @property
    def _enfant(self) -> int:
        pid = self._processus.pid
        return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])

    def _repond(self) -> bool:
        assert self._processus.poll() is None, "gunicorn n’a pas démarré"
        with suppress(OSError):
            return self.demander("GET", "/sante/")[0].status < 500
        return False
