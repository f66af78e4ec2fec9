"""What starting costs: `manage.py check` beside that of an empty project, and a database for tests."""

import os
import statistics
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from tempfile import TemporaryDirectory

from tests.banc.comparaison import empiler
from tests.banc.mesures import Ligne, au_plus
from tests.banc.reference import lenteur
from tests.banc.terrain import Terrain
from tests.outils.enfants import environ_d_un_enfant

TOURS = 5
CHECK_MAX, BASE_MAX_S = 1.5, 3.0
RACINE = Path(__file__).resolve().parent.parent.parent.parent
# Empty, it is as if it were not set.
SANS_COMPILER = "PYTHONDONTWRITEBYTECODE"
BASE = """
import time
import django
django.setup()
from tests.outils import roles
roles.employer_les_roles()
from django.db import connection
from tests.outils.modele_de_base import nom_du_modele
connection.settings_dict["TEST"]["TEMPLATE"] = nom_du_modele()
durees = []
for rang in range(3):
    debut = time.perf_counter()
    connection.creation.create_test_db(verbosity=0, autoclobber=True)
    durees.append(time.perf_counter() - debut)
    connection.creation.destroy_test_db("rebond", verbosity=0)
print(sorted(durees)[1])
"""


def mesurer(terrain: Terrain) -> Iterator[Ligne]:
    yield _check(terrain)
    yield _base_d_essai(terrain)


def _check(terrain: Terrain) -> Ligne:
    with TemporaryDirectory(prefix="rebond-banc-vide-") as dossier:
        environ = {nom: valeur for nom, valeur in environ_d_un_enfant().items() if nom != "DJANGO_SETTINGS_MODULE"}
        subprocess.run(
            [sys.executable, "-m", "django", "startproject", "vide", dossier], check=True, env=environ, cwd=dossier
        )
        # Both as they are installed: compiled once. An empty project would otherwise be compared, its Django compiled
        # by whoever installed it, with modules that are compiled at each start.
        sans = {SANS_COMPILER: ""}
        _duree(dossier, environ | sans)
        _duree(str(RACINE), environ_d_un_enfant() | sans)
        notres, vides = [], []
        for _ in range(TOURS if terrain.entier else 1):
            vides.append(_duree(dossier, environ | sans))
            notres.append(_duree(str(RACINE), environ_d_un_enfant() | sans))
    (notre, calcul), (vide, calcul_vide) = (
        [statistics.median(valeurs) for valeurs in zip(*passages, strict=True)] for passages in (notres, vides)
    )
    rapport = calcul / calcul_vide
    return Ligne(
        "check",
        "manage.py check",
        {"p50_ms": 1000 * notre, "vide_ms": 1000 * vide, "processeur_s": calcul, "rapport": rapport},
        [au_plus("d’un projet vide", rapport, CHECK_MAX)],
        note="le rapport est celui des temps de processeur, que ce que fait d’autre la machine change peu",
    )


def _duree(dossier: str, environ: dict[str, str]) -> tuple[float, float]:
    """Seconds, and of these how many of a processor."""
    debut, avant = time.perf_counter(), getrusage(RUSAGE_CHILDREN)
    commande = [sys.executable, "manage.py", "check"]
    subprocess.run(commande, cwd=dossier, env=environ, check=True, stdout=subprocess.DEVNULL)
    duree, apres = time.perf_counter() - debut, getrusage(RUSAGE_CHILDREN)
    return duree, apres.ru_utime + apres.ru_stime - avant.ru_utime - avant.ru_stime


def _base_d_essai(terrain: Terrain) -> Ligne:
    """That of one process of the suite, once the model that all of them copy is there."""
    faite = subprocess.run(
        [sys.executable, "-c", BASE], check=True, capture_output=True, text=True, cwd=RACINE, env=dict(os.environ)
    )
    secondes = float(faite.stdout.split()[-1])
    return Ligne(
        "base-d-essai",
        "Création d’une base d’essai, par processus",
        {"p50_ms": 1000 * secondes},
        [au_plus("secondes", secondes, BASE_MAX_S * lenteur(empiler(terrain)))],
    )
