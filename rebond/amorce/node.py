"""Biome and TypeScript, which read the scripts of `static/rebond`: never served, nor needed to run or test the portal.

They are Node's packages, under a lock of their own. Where Node is absent or too old, or its packages out of reach, the
scripts are left unread, and it is said.
"""

import hashlib
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from rebond.amorce.environnement import RACINE

DOSSIER = RACINE / "requirements" / "scripts"
VERROU = DOSSIER / "package-lock.json"
PROGRAMMES = DOSSIER / "node_modules" / ".bin"
TEMOIN = DOSSIER / "node_modules" / "verrou.sha256"


def controles() -> Sequence[Sequence[str | Path]]:
    """The commands that read the scripts, from the root; none where they cannot be had, which is printed."""
    npm = shutil.which("npm")
    if npm is None:
        return _renoncer("Node est absent")
    if not _installer(npm):
        return _renoncer("Biome et TypeScript n'ont pu être installés")
    return [
        [PROGRAMMES / "biome", "check", f"--config-path={DOSSIER}", "--error-on-warnings", "static/rebond"],
        [PROGRAMMES / "tsc", "--project", DOSSIER / "tsconfig.json"],
    ]


def _renoncer(raison: str) -> Sequence[Sequence[str | Path]]:
    print(f"{raison} : les scripts de static/rebond ne sont pas vérifiés.", flush=True)
    return []


def _installer(npm: str) -> bool:
    """Hold what the lock names, each package checked against its hash."""
    empreinte = hashlib.sha256(VERROU.read_bytes()).hexdigest()
    if TEMOIN.exists() and TEMOIN.read_text() == empreinte:
        return True
    if subprocess.run([npm, "ci", "--loglevel=error"], cwd=DOSSIER, check=False).returncode != 0:
        return False
    TEMOIN.write_text(empreinte)
    return True
