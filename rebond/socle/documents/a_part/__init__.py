"""Programs of ours that read what people sent, as processes of their own: isolated, bounded, without any secret.

    fini = lancer(OUVREUR, Bornes(processeur=8, memoire=MEMOIRE, delai=12.0), entree=fichier)

The bounds are set by `borneur`, within the process, before a line of the program is read: a file that is made to
crash, to fill the memory or to last kills nothing else.
"""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

BORNEUR = Path(__file__).with_name("borneur.py")
#: What a program says once it is bounded and has loaded its library: before that, the fault is ours and no file's.
PRET = b"pret\n"
MEMOIRE = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Bornes:
    """Seconds of processor, bytes of address space, seconds on the clock; `ecrit`: whether it writes files."""

    processeur: int
    delai: float
    memoire: int = MEMOIRE
    ecrit: bool = False


def lancer(
    programme: Path, bornes: Bornes, arguments: Sequence[str] = (), *, entree: IO[bytes] | None = None
) -> "subprocess.CompletedProcess[bytes] | None":
    """What came of `programme`, which reads `entree`; None when it was too long or did not begin."""
    ecrit = "fichiers" if bornes.ecrit else "rien"
    commande = [sys.executable, "-I", str(BORNEUR), str(bornes.processeur), str(bornes.memoire), ecrit]
    # No environment, but where to write for what writes: what takes over the process finds no secret there.
    gardees = ("TMPDIR",) if bornes.ecrit else ()
    try:
        return subprocess.run(
            [*commande, str(programme), *arguments],
            stdin=subprocess.DEVNULL if entree is None else entree,
            capture_output=True,
            timeout=bornes.delai,
            check=False,
            env={nom: os.environ[nom] for nom in gardees if nom in os.environ},
            cwd="/",
        )
    except (subprocess.TimeoutExpired, OSError):
        return None
