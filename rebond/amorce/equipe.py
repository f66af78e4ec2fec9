"""The processes of a portal at work: started together, watched, stopped together."""

import ctypes
import os
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Self

PR_SET_PDEATHSIG = 1
PAS = 0.2
DELAI_ARRET = 20.0
LIGNES = 15

_libc = ctypes.CDLL(None)


class ProcessusArrete(RuntimeError):
    """A process of the team ended by itself; the message names it and quotes the end of its log."""


@dataclass(frozen=True)
class Poste:
    nom: str
    commande: Sequence[str]


class Equipe:
    """Context manager: the body runs with every process started; leaving it stops them all, children included."""

    def __init__(self, postes: Sequence[Poste], *, environ: Mapping[str, str], journaux: Path) -> None:
        self._postes = postes
        self._environ = environ
        self._journaux = journaux
        self._processus: dict[str, subprocess.Popen[bytes]] = {}

    def __enter__(self) -> Self:
        try:
            for poste in self._postes:
                self._processus[poste.nom] = self._lancer(poste)
        except BaseException:
            self._arreter()
            raise
        return self

    def __exit__(
        self, genre: type[BaseException] | None, valeur: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._arreter()

    def surveiller(self, jusqu_a: Callable[[], bool] = lambda: False) -> None:
        """Wait until `jusqu_a()`; raises ProcessusArrete as soon as a process ends."""
        while not jusqu_a():
            for nom, processus in self._processus.items():
                if processus.poll() is not None:
                    raise ProcessusArrete(self._constat(nom, processus.returncode))
            time.sleep(PAS)

    def pids(self) -> list[int]:
        return [processus.pid for processus in self._processus.values()]

    def journal(self, nom: str) -> Path:
        return self._journaux / f"{nom}.log"

    def _lancer(self, poste: Poste) -> subprocess.Popen[bytes]:
        journal = self.journal(poste.nom)
        with suppress(FileNotFoundError):
            journal.replace(journal.with_suffix(".precedent.log"))
        with journal.open("wb") as sortie:
            return subprocess.Popen(
                poste.commande,
                env={**self._environ, "REBOND_PROCESSUS": f"rebond-{poste.nom}", "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=sortie,
                stderr=subprocess.STDOUT,
                # Ctrl-C reaches the supervisor alone, which stops the others in order.
                start_new_session=True,
                preexec_fn=_mourir_avec_le_superviseur,  # noqa: PLW1509 (a single thread)
            )

    def _constat(self, nom: str, code: int) -> str:
        fin = self.journal(nom).read_text(errors="replace").splitlines()[-LIGNES:]
        raison = f"signal {signal.Signals(-code).name}" if code < 0 else f"code {code}"
        return "\n    ".join([f"Le processus « {nom} » s'est arrêté ({raison}). Fin de {self.journal(nom)} :", *fin])

    def _arreter(self) -> None:
        for processus in self._processus.values():
            if processus.poll() is None:
                processus.terminate()
        limite = time.monotonic() + DELAI_ARRET
        # A second Ctrl-C is someone who does not want to wait.
        with suppress(subprocess.TimeoutExpired, KeyboardInterrupt):
            for processus in self._processus.values():
                processus.wait(max(0.0, limite - time.monotonic()))
        for processus in self._processus.values():
            with suppress(ProcessLookupError):
                os.killpg(processus.pid, signal.SIGKILL)
            processus.wait()


def commandes(python: str, *, donnees: Path) -> list[Poste]:
    """Web, workers and beat, as in production. What takes seconds or minutes gives way to pages: `rebond.travaux`."""
    celery = [python, "-m", "celery", "-A", "rebond"]
    ouvrier = [*celery, "worker", "--loglevel", "INFO", "--without-mingle"]
    lent = ["nice", "-n", "10", *ouvrier, "--concurrency", "1"]
    return [
        Poste("web", [python, "-m", "gunicorn", "-c", "python:rebond.gunicorn", "rebond.wsgi"]),
        Poste("worker", [*ouvrier, "--concurrency", "2", "-Q", "celery", "-n", "worker@%h"]),
        Poste("documents", [*lent, "-Q", "documents", "-n", "documents@%h"]),
        Poste("exports", [*lent, "-Q", "exports", "-n", "exports@%h"]),
        Poste("beat", [*celery, "beat", "--loglevel", "INFO", "--pidfile", "", "-s", str(donnees / "beat")]),
    ]


def recharges(postes: Sequence[Poste], python: str, *, dossiers: Sequence[str]) -> list[Poste]:
    """The same, each started again when a file of `dossiers` is saved; one that fails waits for the next save."""
    veilleur = [python, "-m", "watchfiles", "--target-type", "command", "--sigint-timeout", f"{DELAI_ARRET:.0f}"]
    return [Poste(poste.nom, [*veilleur, shlex.join(poste.commande), *dossiers]) for poste in postes]


def _mourir_avec_le_superviseur() -> None:
    """However the supervisor dies, its processes are told to stop."""
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() == 1:
        sys.exit(1)
