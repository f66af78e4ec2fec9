"""Who uses the servers: shared by all commands at work, stopped by the last one that leaves.

Two flock(2) files in the data folder. `usage.verrou` is held shared for as long as a command needs the servers; the
kernel lets go of it when a command dies, however it dies. `demarrage.verrou` is held for the few tenths of a second of
a start or a stop, so that nobody joins servers that are going away.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def usage_partage(donnees: Path, demarrer: Callable[[], None], arreter: Callable[[], None]) -> Iterator[None]:
    """Run the body with the servers up; `arreter` is called if nobody else uses them at the end."""
    usage = os.open(donnees / "usage.verrou", os.O_RDWR | os.O_CREAT, 0o600)
    try:
        with _exclusif(donnees / "demarrage.verrou"):
            fcntl.flock(usage, fcntl.LOCK_SH)
            try:
                demarrer()
            except BaseException:
                _quitter(usage, arreter)
                raise
        try:
            yield
        finally:
            with _exclusif(donnees / "demarrage.verrou"):
                _quitter(usage, arreter)
    finally:
        os.close(usage)


def _quitter(usage: int, arreter: Callable[[], None]) -> None:
    try:
        fcntl.flock(usage, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return
    arreter()


@contextmanager
def _exclusif(fichier: Path) -> Iterator[None]:
    descripteur = os.open(fichier, os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(descripteur, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descripteur)
