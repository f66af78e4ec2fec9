"""What the system must provide: each need is tried, since a package list proves nothing about what will load.

Libraries are loaded before anything is installed; once it is, what uses them is run (`eprouver`).
"""

import ctypes
import importlib.util
import os
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from shutil import which

from rebond.amorce.erreurs import AmorceImpossible

APT = ("apt-get", "install", "-y", "--no-install-recommends")


@dataclass(frozen=True)
class Besoin:
    """`paquet` is the name of the Debian package that makes `present` true."""

    paquet: str
    present: Callable[[], bool]


def bibliotheque(nom: str) -> bool:
    try:
        ctypes.CDLL(nom)
    except OSError:
        return False
    return True


def programme(nom: str) -> bool:
    return which(nom) is not None


def environnements() -> bool:
    """Debian ships Python without what makes a virtual environment; uv does without."""
    return programme("uv") or importlib.util.find_spec("ensurepip") is not None


def police(famille: str) -> bool:
    """Whether fontconfig finds this very family, and not the one that it gives instead."""
    try:
        fontconfig = ctypes.CDLL("libfontconfig.so.1")
    except OSError:
        return False
    for fonction in ("FcNameParse", "FcFontMatch"):
        getattr(fontconfig, fonction).restype = ctypes.c_void_p
    fontconfig.FcInit()
    motif = ctypes.c_void_p(fontconfig.FcNameParse(famille.encode()))
    fontconfig.FcConfigSubstitute(None, motif, 0)
    fontconfig.FcDefaultSubstitute(motif)
    trouvee = ctypes.c_void_p(fontconfig.FcFontMatch(None, motif, ctypes.byref(ctypes.c_int())))
    nom = ctypes.c_char_p()
    if trouvee and fontconfig.FcPatternGetString(trouvee, b"family", 0, ctypes.byref(nom)) == 0:
        return (nom.value or b"").decode() == famille
    return False


# WeasyPrint draws with Pango; PostgreSQL reads the system's time zones.
PANGO = (
    Besoin("libpango-1.0-0", partial(bibliotheque, "libpango-1.0.so.0")),
    Besoin("libpangoft2-1.0-0", partial(bibliotheque, "libpangoft2-1.0.so.0")),
    Besoin("libharfbuzz-subset0", partial(bibliotheque, "libharfbuzz-subset.so.0")),
)
COMMUNS = (
    Besoin("python3-venv", environnements),
    *PANGO,
    # What Marianne lacks: the narrow no-break space, arrows, check marks, Greek, Cyrillic.
    Besoin("fonts-dejavu-core", partial(police, "DejaVu Sans")),
    Besoin("tzdata", Path("/usr/share/zoneinfo/Europe/Paris").exists),
)
ESSAIS = (
    *COMMUNS,
    Besoin("chromium", partial(programme, "chromium")),
    Besoin("nginx", Path("/usr/sbin/nginx").exists),
    Besoin("libatomic1", partial(bibliotheque, "libatomic.so.1")),
    Besoin("poppler-utils", partial(programme, "pdftotext")),
)
# What only the trials ask for.
EPREUVES = (Besoin("firefox-esr", partial(programme, "firefox-esr")),)


@dataclass(frozen=True)
class Epreuve:
    """Something that Python runs as the portal or its tests will; `paquets` are those that it may lack."""

    quoi: str
    programme: str
    paquets: tuple[str, ...]


IMPRIMER = """
from weasyprint import HTML
pdf = HTML(string="<p>Écrire en français</p>").write_pdf(uncompressed_pdf=True)
assert b"/FontFile" in pdf, "aucune police de caractères"
"""
NAVIGUER = """
from playwright.sync_api import sync_playwright
with sync_playwright() as pilote:
    navigateur = pilote.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    page = navigateur.new_page()
    page.set_content("<p>Écrire en français</p>")
    assert page.inner_text("p") == "Écrire en français"
    navigateur.close()
"""
NAVIGUER_AUTREMENT = """
import os, pathlib, subprocess, tempfile
with tempfile.TemporaryDirectory() as dossier:
    image = pathlib.Path(dossier, "page.png")
    commande = ["firefox-esr", "--headless", "--no-remote", "--profile", dossier, "--screenshot", str(image)]
    subprocess.run([*commande, "about:blank"], env=os.environ | {"HOME": dossier}, check=True, timeout=120)
    assert image.read_bytes(), "aucune image de la page"
"""
IMPRESSION = Epreuve("L'impression des documents", IMPRIMER, tuple(besoin.paquet for besoin in PANGO))
NAVIGATEUR = Epreuve("Le navigateur des essais", NAVIGUER, ("chromium", "libatomic1"))
SECOND_NAVIGATEUR = Epreuve("Le second navigateur des épreuves", NAVIGUER_AUTREMENT, ("firefox-esr",))


def verifier(besoins: Sequence[Besoin]) -> None:
    """Install what is missing when root; otherwise raise AmorceImpossible with the exact command."""
    manquants = [besoin.paquet for besoin in besoins if not besoin.present()]
    if not manquants:
        return
    encore = [besoin.paquet for besoin in besoins if not besoin.present()] if _installer(manquants) else manquants
    if encore:
        raise AmorceImpossible(f"L'installation de {', '.join(encore)} a échoué (voir ci-dessus).")


def eprouver(epreuves: Sequence[Epreuve], python: str) -> None:
    """Run each of `epreuves` with the Python where the components are, all at once.

    When root, install what a failing one may lack and try again; otherwise raise AmorceImpossible with the command and
    with what the program said.
    """
    pannes = _pannes(epreuves, python)
    if pannes and os.geteuid() == 0:
        _installer([paquet for epreuve in pannes for paquet in epreuve.paquets])
        pannes = _pannes(list(pannes), python)
    for epreuve, raison in pannes.items():
        raise AmorceImpossible(
            f"{epreuve.quoi} ne marche pas sur ce système :\n\n    {raison}\n\n"
            f"Lancez cette commande, puis recommencez :\n\n    {_en_administrateur(epreuve.paquets)}\n"
        )


def _pannes(epreuves: Sequence[Epreuve], python: str) -> dict[Epreuve, str]:
    """The ones that fail, with the last thing that each said."""
    lancees = {
        epreuve: subprocess.Popen(
            [python, "-c", epreuve.programme], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
        )
        for epreuve in epreuves
    }
    paroles = {epreuve: processus.communicate()[1].strip() for epreuve, processus in lancees.items()}
    return {
        epreuve: next((ligne for ligne in paroles[epreuve].splitlines() if ".so" in ligne), paroles[epreuve][-500:])
        for epreuve, processus in lancees.items()
        if processus.returncode != 0
    }


def _installer(paquets: Sequence[str]) -> bool:
    """With apt-get, as root; raises AmorceImpossible with the command to type where that cannot be."""
    if not programme("apt-get"):
        raise AmorceImpossible(f"Installez ce qui manque au système, puis recommencez : {', '.join(paquets)}.")
    if os.geteuid() != 0:
        raise AmorceImpossible(
            "Il manque au système de quoi continuer. Lancez cette commande, puis recommencez :\n\n"
            f"    {_en_administrateur(paquets)}\n"
        )
    print(f"Installation de {', '.join(paquets)}…", flush=True)
    environnement = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # An index that cannot be refreshed may still do: the installation itself tells.
    subprocess.run(["apt-get", "update", "-qq"], env=environnement, check=False)
    resultat = subprocess.run([*APT, *paquets, "-qq"], env=environnement, check=False)
    importlib.invalidate_caches()
    return resultat.returncode == 0


def _en_administrateur(paquets: Sequence[str]) -> str:
    return f"sudo apt-get update && sudo {' '.join([*APT, *paquets])}"
