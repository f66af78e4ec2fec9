"""gunicorn in processes of its own, as production runs it, and what they weigh."""

import re
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path

from rebond.amorce.equipe import Equipe, Poste
from rebond.embarque.processus import port_libre
from tests.banc.service.http import lire
from tests.banc.service.pesees import pss
from tests.outils.enfants import environ_d_un_enfant

DELAI = 300.0
PROCESSUS, FILS = 2, 8
# Of the page that `cadre` adds to the portal.
ADRESSE_DU_CADRE = "/banc/"
# What owns the tables, and what administers the server, is no business of what serves.
INTERDITS = ("REBOND_BASE_PROPRIETAIRE", "REBOND_BASE_ADMINISTRATEUR")


class Serveur:
    """A gunicorn that answers at `port`: two processes of eight threads."""

    def __init__(self, pid: int, port: int) -> None:
        self._pid, self.port = pid, port

    @property
    def memoire(self) -> float:
        """Resident bytes of the heaviest process that serves, in millions."""
        return max(memoire(pid) for pid in self.enfants)

    @property
    def part_de_memoire(self) -> float:
        """The same, but what it shares with the others counts for its share: what the machine gives for it."""
        return max(pss(pid) for pid in self.enfants)

    @property
    def enfants(self) -> list[int]:
        return [int(enfant) for enfant in Path(f"/proc/{self._pid}/task/{self._pid}/children").read_text().split()]

    def repond(self, page: str) -> bool:
        with suppress(OSError):
            return lire(self.port, page)[0].status < 500
        return False


@contextmanager
def serveur(application: str, reglages: str, *, page: str = "/", environ: Mapping[str, str]) -> Iterator[Serveur]:
    """Serve `application` with the gunicorn settings of the module `reglages`, until the end of the body, or of this
    process however it ends. Raises ProcessusArrete when it does not start.
    """
    port = port_libre()
    propres = {"PORT": str(port), "REBOND_WEB_PROCESSUS": str(PROCESSUS), "REBOND_WEB_FILS": str(FILS)}
    journaux = Path(environ["REBOND_DONNEES"]) / "journaux"
    journaux.mkdir(exist_ok=True)
    poste = Poste(f"web-{port}", [sys.executable, "-m", "gunicorn", "-c", f"python:{reglages}", application])
    sans = {nom: valeur for nom, valeur in environ.items() if nom not in INTERDITS}
    reglages_propres = environ_d_un_enfant(sauf=INTERDITS) | sans | propres
    with Equipe([poste], environ=reglages_propres, journaux=journaux) as equipe:
        lance = Serveur(equipe.pids()[0], port)
        limite = time.monotonic() + DELAI

        def pret() -> bool:
            assert time.monotonic() < limite, f"gunicorn n’a pas répondu en {DELAI:.0f} s"
            return lance.repond(page)

        equipe.surveiller(jusqu_a=pret)
        yield lance


def memoire(pid: int) -> float:
    """Resident bytes of a process, in millions; proc(5)."""
    (ko,) = re.findall(r"VmRSS:\s+(\d+) kB", Path(f"/proc/{pid}/status").read_text())
    return int(ko) * 1024 / 1e6
