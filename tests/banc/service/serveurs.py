"""gunicorn in processes of its own, as production runs it, and what they weigh."""

import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from rebond.embarque.processus import port_libre
from tests.banc.service.http import lire
from tests.outils.enfants import environ_d_un_enfant

DELAI = 120.0
PROCESSUS, FILS = 2, 8
# What owns the tables, and what administers the server, is no business of what serves.
INTERDITS = ("REBOND_BASE_PROPRIETAIRE", "REBOND_BASE_ADMINISTRATEUR")


class Serveur:
    """A gunicorn that answers at `port`: two processes of eight threads."""

    def __init__(self, processus: subprocess.Popen[bytes], port: int) -> None:
        self._processus, self.port = processus, port

    @property
    def memoire(self) -> float:
        """Resident bytes of the heaviest process that serves, in millions."""
        return max(memoire(pid) for pid in self.enfants)

    @property
    def enfants(self) -> list[int]:
        pid = self._processus.pid
        return [int(enfant) for enfant in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]

    def attendre(self, page: str) -> None:
        limite = time.monotonic() + DELAI
        while time.monotonic() < limite:
            if self._processus.poll() is not None:
                raise AssertionError("gunicorn n’a pas démarré.")
            with suppress(OSError):
                if lire(self.port, page)[0].status < 500:
                    return
            time.sleep(0.05)
        raise AssertionError(f"gunicorn n’a pas répondu en {DELAI:.0f} s.")


@contextmanager
def serveur(application: str, reglages: str, *, page: str = "/", environ: Mapping[str, str]) -> Iterator[Serveur]:
    """Serve `application` with the gunicorn settings of the module `reglages`, until the end of the body."""
    port = port_libre()
    propres = {"PORT": str(port), "REBOND_WEB_PROCESSUS": str(PROCESSUS), "REBOND_WEB_FILS": str(FILS)}
    with subprocess.Popen(
        [sys.executable, "-m", "gunicorn", "-c", f"python:{reglages}", application],
        env=environ_d_un_enfant(sauf=INTERDITS) | dict(environ) | propres,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=None if os.environ.get("REBOND_BANC_BAVARD") else subprocess.DEVNULL,
    ) as processus:
        try:
            lance = Serveur(processus, port)
            lance.attendre(page)
            yield lance
        finally:
            processus.terminate()


def memoire(pid: int) -> float:
    """Resident bytes of a process, in millions; proc(5)."""
    (ko,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(ko) * 1024 / 1e6
