"""The bench's own account: what the machine was worth, and the measures as they are kept."""

import json
import os
import platform
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
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


@dataclass
class Compte:
    """What a run has found so far; written to `sortie` after each line, so that whatever stops the run leaves it.

    `durees`: seconds of each chapter that was measured to its end.
    """

    sortie: Path | None
    part: float
    prevus: Sequence[str]
    etalon: dict[str, Any] = field(default_factory=dict)
    lignes: list[Ligne] = field(default_factory=list)
    durees: dict[str, float] = field(default_factory=dict)
    debut: float = field(default_factory=time.monotonic)

    @property
    def interrompus(self) -> list[str]:
        """Chapters that were not measured to their end, or not begun."""
        return [nom for nom in self.prevus if nom not in self.durees]

    @property
    def manquees(self) -> list[Ligne]:
        return [ligne for ligne in self.lignes if not ligne.tenue]

    @property
    def sans_cause(self) -> list[str]:
        """Lines whose goal is missed and that nothing explains."""
        return [ligne.cle for ligne in self.manquees if not ligne.cause]

    @property
    def tenu(self) -> bool:
        return not self.manquees

    def ajouter(self, ligne: Ligne) -> None:
        self.lignes.append(ligne)
        self._ecrire()

    def finir(self, chapitre: str, secondes: float) -> None:
        self.durees[chapitre] = secondes
        self._ecrire()

    def conclusion(self) -> str:
        """How many lines, in how long, and what is left to be explained."""
        duree, manquees = time.monotonic() - self.debut, len(self.manquees)
        phrases = [
            f"{len(self.lignes)} lignes en {duree:.0f} s : {len(self.lignes) - manquees} PASS, {manquees} FAIL."
        ]
        if self.sans_cause:
            cles = ", ".join(self.sans_cause)
            phrases.append(f"Objectifs manqués sans cause connue (tests/banc/causes.py) : {cles}.")
        if self.interrompus:
            phrases.append(f"Chapitres interrompus : {', '.join(self.interrompus)}.")
        return "\n".join(phrases)

    def _ecrire(self) -> None:
        if self.sortie is None:
            return
        compte = {
            "fait_le": datetime.now(UTC).isoformat(timespec="seconds"),
            "part": self.part,
            "duree_s": round(time.monotonic() - self.debut),
            "chapitres_s": {nom: round(secondes) for nom, secondes in self.durees.items()},
            "machine": self.etalon,
            "interrompus": self.interrompus,
            "sans_cause": self.sans_cause,
            "lignes": [ligne.en_json() for ligne in self.lignes],
        }
        self.sortie.parent.mkdir(parents=True, exist_ok=True)
        # Whole or not at all: a run may be stopped at any instant.
        ebauche = self.sortie.with_suffix(".ebauche")
        ebauche.write_text(json.dumps(compte, ensure_ascii=False, indent=1) + "\n")
        ebauche.replace(self.sortie)
