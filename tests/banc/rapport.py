"""The bench's own account: what the machine was worth, and the measures as they are kept."""

import json
import os
import platform
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from tests.banc.comparaison import empiler
from tests.banc.mesures import Ligne, arrondi
from tests.banc.reference import VIDE_A_HUIT, lenteur
from tests.banc.terrain import Terrain


def etalonner(lieu: Terrain) -> dict[str, Any]:
    """What goals are measured against, before anything else."""
    from django.db import connection

    vide = empiler(lieu)
    with connection.cursor() as curseur:
        curseur.execute("SHOW server_version")
        (postgres,) = curseur.fetchone()
    return {
        "vue_vide_par_seconde_8": arrondi(vide),
        "vue_vide_de_reference": VIDE_A_HUIT,
        "lenteur": arrondi(lenteur(vide)),
        "coeurs": len(os.sched_getaffinity(0)),
        "systeme": platform.system(),
        "python": platform.python_version(),
        "postgresql": postgres.split()[0],
    }


def ecrire(
    chemin: Path, lignes: Sequence[Ligne], *, rates: Sequence[str], etalon: dict[str, Any], duree: float, part: float
) -> None:
    """One object a line, each with its verdict; `rates` names the chapters that could not be measured to their end."""
    compte = {
        "fait_le": datetime.now(UTC).isoformat(timespec="seconds"),
        "part": part,
        "duree_s": round(duree),
        "machine": etalon,
        "interrompus": list(rates),
        "lignes": [ligne.en_json() for ligne in lignes],
    }
    chemin.parent.mkdir(parents=True, exist_ok=True)
    chemin.write_text(json.dumps(compte, ensure_ascii=False, indent=1) + "\n")
