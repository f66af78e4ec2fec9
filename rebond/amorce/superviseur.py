"""`make demo` once everything is installed: servers, demonstration set, then web, worker and beat until Ctrl-C.

With the argument `dev` (`make dev`), the same for whoever changes the code: errors in full, and each process started
again when a file is saved.
"""

import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from typing import NoReturn

from rebond.amorce import statique
from rebond.amorce.equipe import Equipe, Poste, ProcessusArrete, commandes, recharges
from rebond.amorce.erreurs import AmorceImpossible
from rebond.embarque import ServeurIndisponible, serveurs

DELAI_REPONSE = 90.0
DEVELOPPEMENT = {
    "REBOND_DEBUG": "oui",
    "REBOND_ECOUTE": "127.0.0.1",
    # The toolbar keeps what it saw in the memory of one process.
    "REBOND_WEB_PROCESSUS": "1",
}
SURVEILLES = ("rebond", "territoires", "candidatures", "projets", "templates")


def main(arguments: Sequence[str]) -> int:
    developpement = list(arguments) == ["dev"]
    # SIGINT too: a shell starts what it puts in the background deaf to it.
    for ordre in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(ordre, _interrompre)
    port = os.environ["PORT"]
    adresse = f"http://localhost:{port}"
    try:
        print("Démarrage de PostgreSQL et de Valkey…", flush=True)
        with serveurs():
            os.environ.setdefault("REBOND_ADRESSE", adresse)
            donnees = Path(os.environ["REBOND_DONNEES"]).resolve()
            if developpement:
                os.environ.update(DEVELOPPEMENT)
            else:
                _compresser(donnees)
            print("Mise à jour de la base…", flush=True)
            _gerer("migrate", "--verbosity", "0")
            # As in production, nothing that serves knows who owns the tables.
            os.environ.pop("REBOND_BASE_PROPRIETAIRE", None)
            print("Jeu de démonstration…", flush=True)
            _gerer("demo")
            postes = _postes(donnees, developpement=developpement)
            with Equipe(postes, environ=os.environ, journaux=donnees / "journaux") as equipe:
                _attendre(equipe, f"http://127.0.0.1:{port}/sante/")
                print(f"\nRebond est prêt : {adresse}\nJournaux : {donnees / 'journaux'}", flush=True)
                print("Ctrl-C arrête tout.", flush=True)
                equipe.surveiller()
    except KeyboardInterrupt:
        print("\nTout est arrêté.", flush=True)
    except (ServeurIndisponible, AmorceImpossible, ProcessusArrete) as erreur:
        print(f"\n{erreur}", file=sys.stderr)
        return 1
    return 0


def _compresser(donnees: Path) -> None:
    """What visitors are sent in production; whoever changes a style sheet sees it at once."""
    os.environ |= {"REBOND_STATIQUE": str(donnees / "statique"), "REBOND_STATIQUE_COMPRESSE": "oui"}
    print("Fichiers statiques…", flush=True)
    statique.preparer(donnees, _gerer)


def _postes(donnees: Path, *, developpement: bool) -> list[Poste]:
    postes = commandes(sys.executable, donnees=donnees)
    return recharges(postes, sys.executable, dossiers=SURVEILLES) if developpement else postes


def _interrompre(*_: object) -> NoReturn:
    raise KeyboardInterrupt


def _gerer(*arguments: str) -> None:
    """Run a command of manage.py, out of reach of the terminal's Ctrl-C: the supervisor ends it."""
    commande = [sys.executable, "manage.py", *arguments]
    if subprocess.run(commande, check=False, start_new_session=True).returncode != 0:
        raise AmorceImpossible(f"La commande « manage.py {' '.join(arguments)} » a échoué (voir ci-dessus).")


def _attendre(equipe: Equipe, adresse: str) -> None:
    """Until the worker is ready and the web server answers, whatever it says."""
    limite = time.monotonic() + DELAI_REPONSE

    def repond() -> bool:
        if time.monotonic() > limite:
            raise AmorceImpossible(
                f"Le portail n'a pas répondu en {DELAI_REPONSE:.0f} secondes : {equipe.journal('web')}"
            )
        if b" ready." not in equipe.journal("worker").read_bytes():
            return False
        try:
            urllib.request.urlopen(adresse, timeout=5).close()  # noqa: S310 (our own address)
        except urllib.error.HTTPError:
            return True
        except OSError:
            return False
        return True

    equipe.surveiller(jusqu_a=repond)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
