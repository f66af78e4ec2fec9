"""The settings of a production that may start, and processes that read them."""

import os
import secrets
import subprocess
import sys

from rebond.amorce.environnement import RACINE
from tests.outils.enfants import environ_d_un_enfant
from tests.outils.ouvrier import url_de_la_base_de_test

DELAI = 60


def reglages(**changes: str | None) -> dict[str, str]:
    """The environment of a process; None takes a variable away."""
    propres = environ_d_un_enfant(sauf=("REBOND_",))
    propres |= {
        "DATABASE_URL": url_de_la_base_de_test(),
        "REDIS_URL": os.environ["REDIS_URL"],
        "DJANGO_SETTINGS_MODULE": "rebond.settings",
        "REBOND_DONNEES": os.environ["REBOND_DONNEES"],
        "REBOND_CLE_SECRETE": secrets.token_urlsafe(50),
        "REBOND_ADRESSE": "https://rebond.example.fr",
        "REBOND_HOTES": "rebond.example.fr,127.0.0.1",
        "REBOND_SECURITE_CONTACT": "mailto:securite@example.fr",
        "REBOND_SECURITE_EXPIRE": "2026-12-31",
        "REBOND_VEILLE": "0",
        "REBOND_ANTIVIRUS": "clamav:3310",
        "REBOND_MANDATAIRES": "1",
    }
    for nom, valeur in changes.items():
        if valeur is None:
            propres.pop(nom, None)
        else:
            propres[nom] = valeur
    return propres


def lancer(*arguments: str, **changes: str | None) -> tuple[int, str]:
    """Exit code and all that was said."""
    fini = subprocess.run(
        [sys.executable, *arguments],
        env=reglages(**changes),
        cwd=RACINE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=DELAI,
        check=False,
    )
    return fini.returncode, fini.stdout
