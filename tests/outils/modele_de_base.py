"""A database with every migration applied, kept by the server and copied by each process of each run.

Migrating takes a dozen seconds a process, copying a tenth of one. The model is named after what makes it, so that
a changed migration makes another, and Django still applies to the copy whatever the model would lack.
"""

import hashlib
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from tests.outils import roles

RACINE = Path(__file__).resolve().parent.parent.parent
PREFIXE = "rebond_modele_"
# What migrations are made of, and the live modules that they import.
SOURCES = (
    "*/migrations/*.py",
    "rebond/*/migrations/*.py",
    "rebond/socle/bdd/*.py",
    "rebond/embarque/roles.sql",
    "tests/outils/roles.py",
    "rebond/socle/apps.py",
    "rebond/socle/documents/references.py",
)
VERROU = 7_301_902


def nom_du_modele() -> str:
    """The name of the model that the present migrations make, once it exists: made now if need be."""
    nom = PREFIXE + _empreinte()
    with connection._nodb_cursor() as curseur:
        # The processes of a run ask at once: one makes it, the others wait.
        curseur.execute("SELECT pg_advisory_lock(%s)", [VERROU])
        try:
            curseur.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [PREFIXE])
            presents = {ligne[0] for ligne in curseur.fetchall()}
            if nom not in presents:
                for perime in presents:
                    curseur.execute(f'DROP DATABASE "{perime}"')
                curseur.execute(f'CREATE DATABASE "{nom}_ebauche"')
                roles.confier(f"{nom}_ebauche")
                _migrer(f"{nom}_ebauche")
                roles.ouvrir_la_porte(f"{nom}_ebauche")
                curseur.execute(f'ALTER DATABASE "{nom}_ebauche" RENAME TO "{nom}"')
        finally:
            curseur.execute("SELECT pg_advisory_unlock(%s)", [VERROU])
    return nom


def _empreinte() -> str:
    fichiers = sorted(fichier for motif in SOURCES for fichier in RACINE.glob(motif))
    contenus = [(RACINE / "requirements" / "dev.txt").read_bytes(), *(fichier.read_bytes() for fichier in fichiers)]
    return hashlib.sha256(b"\0".join(contenus)).hexdigest()[:16]


def _migrer(base: str) -> None:
    d_origine = connection.settings_dict["NAME"]
    connection.close()
    connection.settings_dict["NAME"] = base
    try:
        call_command("migrate", verbosity=0, interactive=False)
    finally:
        connection.close()
        connection.settings_dict["NAME"] = d_origine
