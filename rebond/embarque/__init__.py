"""Embedded PostgreSQL and Valkey, for the demonstration, the tests and any command run without DATABASE_URL.

Real servers, from wheels, in the data folder `REBOND_DONNEES` (default `.donnees/`): commands that run at the same
time share them, and the last one to end stops them.
"""

import errno
import os
import signal
import sys
import threading
from collections.abc import Iterator, MutableMapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from rebond.embarque import emplacement as emplacements
from rebond.embarque.emplacement import Emplacement
from rebond.embarque.erreurs import ServeurIndisponible
from rebond.embarque.partage import usage_partage
from rebond.embarque.postgres import Postgres
from rebond.embarque.valkey import Valkey

__all__ = ["ServeurIndisponible", "dossier_des_donnees", "serveurs"]

RACINE = Path(__file__).resolve().parent.parent.parent


def dossier_des_donnees(environ: MutableMapping[str, str]) -> Path:
    return Path(environ.get("REBOND_DONNEES") or RACINE / ".donnees").resolve()


@contextmanager
def serveurs(environ: MutableMapping[str, str] = os.environ, *, jetables: bool = False) -> Iterator[None]:
    """Run the body with a database and a queue, whose addresses are written into `environ`.

    With DATABASE_URL and REDIS_URL already there, nothing is started or written. `jetables` trades the safety of the
    data against speed, for tests, which are also told the administrator's address. Raises ServeurIndisponible.
    """
    if environ.get("DATABASE_URL") or environ.get("REDIS_URL"):
        for nom in ("DATABASE_URL", "REDIS_URL"):
            if not environ.get(nom):
                raise ServeurIndisponible(
                    f"La variable d'environnement {nom} manque : indiquez les deux serveurs, ou aucun."
                )
        yield
        return
    donnees = dossier_des_donnees(environ)
    ouverts: list[Postgres | Valkey] = []

    def demarrer() -> None:
        dossier = emplacements.ouvrir(donnees)
        postgres, valkey = Postgres(dossier, jetable=jetables), Valkey(dossier)
        ouverts[:] = [postgres, valkey]
        postgres.demarrer()
        valkey.demarrer()
        adresses = {
            "DATABASE_URL": postgres.url(),
            "REBOND_BASE_PROPRIETAIRE": postgres.url_proprietaire(),
            "REDIS_URL": valkey.url(),
        }
        if jetables:
            adresses["REBOND_BASE_ADMINISTRATEUR"] = postgres.url_administrateur()
        environ.update(_reglages(dossier, environ) | adresses)

    def arreter() -> None:
        for serveur in reversed(ouverts):
            serveur.arreter()

    with ExitStack() as pile:
        pile.enter_context(_fin_ordonnee())
        with _pannes_expliquees(donnees):
            emplacements.creer(donnees)
            pile.enter_context(usage_partage(donnees, demarrer, arreter))
        yield


def _reglages(dossier: Emplacement, environ: MutableMapping[str, str]) -> dict[str, str]:
    """What a demonstration needs and nobody has set."""
    reglages = {
        "REBOND_CLE_SECRETE": dossier.secret("cle-secrete"),
        "REBOND_DEMONSTRATION": "oui",
        "REBOND_COURRIEL_BACKEND": "django.core.mail.backends.filebased.EmailBackend",
    }
    return {"REBOND_DONNEES": str(dossier.donnees)} | {
        nom: valeur for nom, valeur in reglages.items() if nom not in environ
    }


@contextmanager
def _pannes_expliquees(donnees: Path) -> Iterator[None]:
    try:
        yield
    except OSError as panne:
        if panne.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            raison = "le disque est plein (ou un quota est atteint) : libérez de la place puis recommencez"
        elif panne.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
            raison = "votre compte n'a pas le droit d'y écrire : indiquez un autre dossier par REBOND_DONNEES"
        else:
            raison = f"{panne.strerror or panne}"
        lieu = panne.filename or donnees
        raise ServeurIndisponible(f"Le dossier des données ne peut pas servir ({lieu}) : {raison}.") from panne


@contextmanager
def _fin_ordonnee() -> Iterator[None]:
    """Make SIGTERM and SIGHUP unwind the stack, as Ctrl-C does, so that the servers are stopped."""
    ordres = (signal.SIGTERM, signal.SIGHUP)
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    anciens = {ordre: signal.getsignal(ordre) for ordre in ordres}
    for ordre, ancien in anciens.items():
        if ancien is signal.SIG_DFL:
            signal.signal(ordre, lambda numero, _: sys.exit(128 + numero))
    try:
        yield
    finally:
        for ordre, ancien in anciens.items():
            signal.signal(ordre, ancien)
