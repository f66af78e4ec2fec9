"""The workers of a portal, as they are in production: all of its processes but those that serve and that beat."""

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

from rebond.amorce.equipe import Equipe, commandes
from tests.banc.service.serveurs import INTERDITS
from tests.banc.terrain import Terrain
from tests.outils.enfants import environ_d_un_enfant

AUTRES = ("web", "beat")
DELAI = 120.0


@contextmanager
def ouvriers(terrain: Terrain) -> Iterator[dict[str, int]]:
    """Ready when the body begins, stopped at its end: their processes, by the names of their queues."""
    postes = [poste for poste in commandes(sys.executable, donnees=terrain.donnees) if poste.nom not in AUTRES]
    journaux = terrain.donnees / "journaux"
    journaux.mkdir(exist_ok=True)
    environ = environ_d_un_enfant(sauf=INTERDITS) | {"REBOND_DONNEES": os.environ["REBOND_DONNEES"]}
    with Equipe(postes, environ=environ, journaux=journaux) as equipe:
        limite = time.monotonic() + DELAI

        def prets() -> bool:
            assert time.monotonic() < limite, "les ouvriers n’ont pas démarré"
            return all(b" ready." in equipe.journal(poste.nom).read_bytes() for poste in postes)

        equipe.surveiller(jusqu_a=prets)
        yield dict(zip((poste.nom for poste in postes), equipe.pids(), strict=True))
