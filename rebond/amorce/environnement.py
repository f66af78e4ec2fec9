"""The virtual environment `.venv`, filled from a hashed lock and left alone while the lock does not change."""

import hashlib
import importlib.util
import json
import shutil
import subprocess
import sys
from pathlib import Path

from rebond.amorce.erreurs import AmorceImpossible

RACINE = Path(__file__).resolve().parent.parent.parent
VENV = RACINE / ".venv"
PYTHON = VENV / "bin" / "python"
TEMOIN = VENV / "verrou.json"
# Each lock holds all of the ones after it, pinned alike.
VERROUS = ("dev", "demo", "production")


def fichier_verrou(nom: str) -> Path:
    return RACINE / "requirements" / f"{nom}.txt"


def installer(nom: str) -> None:
    """Make `.venv` hold what the lock `nom` names, each file checked against its SHA-256."""
    installes = _installes()
    if installes.get(nom) == _empreinte(nom):
        return
    print("Installation des composants (une à deux minutes la première fois)…", flush=True)
    TEMOIN.unlink(missing_ok=True)
    if not _utilisable():
        _creer()
    _remplir(fichier_verrou(nom))
    contenus = VERROUS[VERROUS.index(nom) :]
    TEMOIN.write_text(json.dumps({contenu: _empreinte(contenu) for contenu in contenus}))


def _empreinte(nom: str) -> str:
    return hashlib.sha256(fichier_verrou(nom).read_bytes()).hexdigest()


def _installes() -> dict[str, str]:
    """Locks that the environment satisfies, none when it is unusable (moved, made by a Python since removed)."""
    try:
        contenu: dict[str, str] = json.loads(TEMOIN.read_text())
    except (OSError, ValueError):
        return {}
    return contenu if _utilisable() else {}


def _utilisable() -> bool:
    # Where `.venv` was moved with its checkout, its Python reports the new folder: only a missing Python is fatal.
    verification = f"import sys; sys.exit(sys.version_info[:2] != {sys.version_info[:2]!r})"
    try:
        return subprocess.run([PYTHON, "-c", verification], check=False, capture_output=True).returncode == 0
    except OSError:
        return False


def _creer() -> None:
    uv = shutil.which("uv")
    if importlib.util.find_spec("ensurepip"):
        commande = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    elif uv:
        commande = [uv, "venv", "--quiet", "--clear", "--python", sys.executable, str(VENV)]
    else:
        raise AmorceImpossible("Python ne sait pas créer d'environnement : installez le paquet python3-venv.")
    if subprocess.run(commande, check=False).returncode != 0:
        raise AmorceImpossible(f"L'environnement {VENV} n'a pas pu être créé (voir ci-dessus).")


def _remplir(verrou: Path) -> None:
    """With uv when it is there and succeeds (it does not read pip's configuration of indexes), else with pip."""
    uv = shutil.which("uv")
    if uv:
        commande = [uv, "pip", "install", "--quiet", "--python", str(PYTHON), "--require-hashes", "-r", str(verrou)]
        if subprocess.run(commande, check=False).returncode == 0:
            return
    commande = [str(PYTHON), "-m", "pip", "install", "--quiet", "--require-hashes", "--only-binary", ":all:"]
    commande += ["--disable-pip-version-check", "-r", str(verrou)]
    if subprocess.run(commande, check=False).returncode != 0:
        raise AmorceImpossible("Les composants n'ont pas pu être installés (voir ci-dessus) : vérifiez la connexion.")
