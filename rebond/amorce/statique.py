"""The compressed static files of the demonstration: those of production, made once for a version of the sources."""

import hashlib
import shutil
from collections.abc import Callable
from pathlib import Path

from rebond.amorce.environnement import RACINE, fichier_verrou


def preparer(donnees: Path, gerer: Callable[..., None]) -> None:
    """Make them in `donnees`, unless they are there already; `gerer` runs a command of `manage.py`."""
    temoin, faits = donnees / "statique.empreinte", _empreinte()
    if temoin.is_file() and temoin.read_text() == faits and (donnees / "statique").is_dir():
        return
    shutil.rmtree(donnees / "statique", ignore_errors=True)
    gerer("collectstatic", "--noinput", "--verbosity", "0")
    temoin.write_text(faits)


def _empreinte() -> str:
    """Of what they are made from: ours, the versions of the libraries, the choice among those."""
    somme = hashlib.sha256()
    notres = sorted(chemin for chemin in (RACINE / "static").rglob("*") if chemin.is_file())
    for chemin in (*notres, fichier_verrou("demo"), RACINE / "rebond" / "statique.py"):
        somme.update(f"{chemin.relative_to(RACINE)}\0".encode())
        somme.update(hashlib.sha256(chemin.read_bytes()).digest())
    return somme.hexdigest()
