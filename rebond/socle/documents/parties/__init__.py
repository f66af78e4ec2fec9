"""A document of thousands of lines, laid out by parts: neither its memory nor the time of a line grows with it.

Its template says what may be cut, by comments that mean nothing elsewhere:

    <!--suite--><table>…<tbody><!--lignes--><tr>…</tr><!--ligne--><tr>…</tr><!--ligne--><!--fin--></tbody></table>
    <!--/suite-->

Two processes do it, one after the other (`imprimeur`, then `assembleur`), without Django nor any setting, and give
their memory back by ending.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from django.contrib.staticfiles import finders

IMPRIMEUR = Path(__file__).with_name("imprimeur.py")
ASSEMBLEUR = Path(__file__).with_name("assembleur.py")
LIGNE = "<!--ligne-->"
#: Beyond so many lines. What is shorter is laid out at once, where it is asked for: a process takes a second to begin.
LIGNES_D_UN_COUP = 300
STATIQUE = re.compile(r"statique:/[^\s\"')]+")
# What fonts are found by, and nothing that could be a secret.
ENVIRONNEMENT = ("HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "PATH", "TMPDIR", "XDG_CACHE_HOME", "XDG_DATA_DIRS")


class ImpressionInterrompue(Exception):
    """The process that printed ended otherwise than well; what it said is in the log."""


def longue(html: str) -> bool:
    return html.count(LIGNE) > LIGNES_D_UN_COUP


def imprimer_par_parties(html: str, *, identifiant: str) -> bytes:
    """The PDF of `html`, whose static files are addresses `statique:/…`. Raises `ImpressionInterrompue`."""
    fichiers = {adresse: finders.find(adresse.removeprefix("statique:/")) for adresse in STATIQUE.findall(html)}
    demande = json.dumps({"html": html, "identifiant": identifiant, "fichiers": fichiers}).encode()
    with TemporaryDirectory(prefix="rebond-impression-") as dossier:
        _lancer(IMPRIMEUR, dossier, demande)
        return _lancer(ASSEMBLEUR, dossier)


def _lancer(programme: Path, dossier: str, entree: bytes = b"") -> bytes:
    # Isolated (-I), and told what it needs: what is printed comes from what people typed.
    fini = subprocess.run(
        [sys.executable, "-I", str(programme), dossier],
        input=entree,
        stdout=subprocess.PIPE,
        env={nom: os.environ[nom] for nom in ENVIRONNEMENT if nom in os.environ},
        check=False,
    )
    if fini.returncode != 0:
        raise ImpressionInterrompue(f"{programme.stem} s’est arrêté (code {fini.returncode}).")
    return fini.stdout
