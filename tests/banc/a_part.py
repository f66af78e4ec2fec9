"""What `tests.banc.fabrique` measures, asked from here."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.outils.enfants import environ_d_un_enfant

RACINE = Path(__file__).resolve().parent.parent.parent


def fabriquer(*arguments: Any) -> dict[str, float]:
    """Raises AssertionError with what the process said when it fails."""
    commande = [sys.executable, "-m", "tests.banc.fabrique", *map(str, arguments)]
    fait = subprocess.run(commande, capture_output=True, text=True, cwd=RACINE, env=environ_d_un_enfant(), check=False)
    assert fait.returncode == 0, fait.stderr[-2000:]
    lu: dict[str, float] = json.loads(fait.stdout.splitlines()[-1])
    return lu
