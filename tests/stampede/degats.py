"""The portal's processes, and what is done to them meanwhile."""

import asyncio
import os
import random
import signal
import socket
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from django.db import connections

from candidatures.models import Vague
from candidatures.tasks import clore_vagues_echues
from rebond.amorce.equipe import Equipe, Poste
from rebond.embarque import emplacement as emplacements
from rebond.embarque.valkey import ENFANTS, Valkey

OUVRIERS = ("ouvrier-1", "ouvrier-2")
PROCESSUS_WEB = 3
DELAI_DEMARRAGE = 60.0


class Portail(Equipe):
    """gunicorn with several processes, two workers, two beats. One of them can be killed and started again."""

    def __init__(self, configuration: str, *, environ: Mapping[str, str], donnees: Path) -> None:
        celery = [sys.executable, "-m", "celery", "-A", "rebond"]
        ouvrier = [*celery, "worker", "--concurrency", "1", "--loglevel", "INFO", "--without-mingle", "-n"]
        beat = [*celery, "beat", "--pidfile", "", "-s"]
        postes = [
            Poste("web", [sys.executable, "-m", "gunicorn", "-c", f"python:{configuration}", "rebond.wsgi"]),
            *(Poste(nom, [*ouvrier, f"{nom}@%h"]) for nom in OUVRIERS),
            *(Poste(nom, [*beat, str(donnees / nom)]) for nom in ("beat-1", "beat-2")),
        ]
        super().__init__(postes, environ=environ, journaux=donnees / "journaux")

    def attendre(self, port: int) -> None:
        """Until gunicorn listens and both workers are ready."""
        limite = time.monotonic() + DELAI_DEMARRAGE

        def pret() -> bool:
            if time.monotonic() > limite:
                raise TimeoutError("Le portail n’a pas démarré.")
            if any(b" ready." not in self.journal(nom).read_bytes() for nom in OUVRIERS):
                return False
            with socket.socket() as essai:
                return essai.connect_ex(("127.0.0.1", port)) == 0

        self.surveiller(jusqu_a=pret)

    def tuer_et_relancer(self, nom: str) -> None:
        """SIGKILL, to the process and its children, then another one in its place."""
        mort = self._processus[nom]
        with suppress(ProcessLookupError):
            os.killpg(mort.pid, signal.SIGKILL)
        mort.wait()
        poste = next(poste for poste in self._postes if poste.nom == nom)
        self._processus[nom] = self._lancer(poste)


def relancer_valkey(donnees: Path) -> None:
    """SIGKILL, then an empty one at the same address."""
    valkey = Valkey(emplacements.ouvrir(donnees))
    etat = valkey._etat()
    if etat is None:
        raise RuntimeError("Valkey ne tourne pas.")
    pid, port = etat
    os.kill(pid, signal.SIGKILL)
    ENFANTS.pop(pid).wait()
    Valkey(valkey.dossier, choisir_port=lambda: port).demarrer()


def clore_a_la_main() -> None:
    try:
        clore_vagues_echues()
    finally:
        connections.close_all()


async def malmener(portail: Portail, vague: Vague, *, donnees: Path, hasard: random.Random) -> list[str]:
    """Until the closing was run by hand: workers killed at random, Valkey lost twice. What was done, in order."""
    cloture = vague.cloture.timestamp()
    fin = cloture + vague.grace / timedelta(seconds=1)
    instants = [(hasard.uniform(cloture - 1, fin + 3), "ouvrier") for _ in range(4)]
    instants += [(hasard.uniform(cloture - 1, cloture + 1), "valkey"), (hasard.uniform(fin - 1, fin + 2), "valkey")]
    instants += [(fin + hasard.uniform(0, 4), "main")]
    faits = []
    for instant, quoi in sorted(instants):
        await asyncio.sleep(max(0.0, instant - time.time()))
        match quoi:
            case "ouvrier":
                nom = hasard.choice(OUVRIERS)
                # From this thread: a child asks to be told of the death of the thread that started it.
                portail.tuer_et_relancer(nom)
                fait = f"{nom} tué"
            case "valkey":
                await asyncio.to_thread(relancer_valkey, donnees)
                fait = "Valkey tué, relancé vide"
            case _:
                await asyncio.gather(*(asyncio.to_thread(clore_a_la_main) for _ in range(3)))
                fait = "clôture lancée trois fois à la main"
        faits.append(f"T{instant - cloture:+.1f} s {fait}")
    return faits
