"""gunicorn's configuration with a wall clock that is `STAMPEDE_DECALAGE` seconds off, kernel's stamps included."""

import os
import time

from rebond.gunicorn import *  # noqa: F403
from rebond.socle.horloge import estampille

DECALAGE = int(os.environ["STAMPEDE_DECALAGE"])

_heure, _heure_ns, _lire = time.time, time.time_ns, estampille._lire


def _estampille_decalee(annexes: list[tuple[int, int, bytes]]) -> int:
    lue = _lire(annexes)
    return lue + DECALAGE * estampille.SECONDE if lue else 0


time.time = lambda: _heure() + DECALAGE
time.time_ns = lambda: _heure_ns() + DECALAGE * estampille.SECONDE
estampille._lire = _estampille_decalee
