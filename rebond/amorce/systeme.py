"""What the system must provide: each need is tried, since a package list proves nothing about what will load."""

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
COMMUNS = (
    Besoin("python3-venv", environnements),
    Besoin("libpango-1.0-0", partial(bibliotheque, "libpango-1.0.so.0")),
    Besoin("libpangoft2-1.0-0", partial(bibliotheque, "libpangoft2-1.0.so.0")),
    Besoin("libharfbuzz-subset0", partial(bibliotheque, "libharfbuzz-subset.so.0")),
    # What Marianne lacks: the narrow no-break space, arrows, check marks, Greek, Cyrillic.
    Besoin("fonts-dejavu-core", partial(police, "DejaVu Sans")),
    Besoin("tzdata", Path("/usr/share/zoneinfo/Europe/Paris").exists),
)
ESSAIS = (
    *COMMUNS,
    Besoin("chromium", partial(programme, "chromium")),
    Besoin("poppler-utils", partial(programme, "pdftotext")),
)


def verifier(besoins: Sequence[Besoin]) -> None:
    """Install what is missing when root; otherwise raise AmorceImpossible with the exact command."""
    manquants = [besoin.paquet for besoin in besoins if not besoin.present()]
    if not manquants:
        return
    installation = ["apt-get", "install", "-y", "--no-install-recommends", *manquants]
    if not programme("apt-get"):
        raise AmorceImpossible(f"Installez ce qui manque au système, puis recommencez : {', '.join(manquants)}.")
    if os.geteuid() != 0:
        raise AmorceImpossible(
            "Il manque au système de quoi continuer. Lancez cette commande, puis recommencez :\n\n"
            f"    sudo apt-get update && sudo {' '.join(installation)}\n"
        )
    print(f"Installation de {', '.join(manquants)}…", flush=True)
    environnement = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    # An index that cannot be refreshed may still do: the installation itself tells.
    subprocess.run(["apt-get", "update", "-qq"], env=environnement, check=False)
    resultat = subprocess.run([*installation, "-qq"], env=environnement, check=False)
    importlib.invalidate_caches()
    encore = [besoin.paquet for besoin in besoins if not besoin.present()]
    if resultat.returncode != 0 or encore:
        raise AmorceImpossible(f"L'installation de {', '.join(encore or manquants)} a échoué (voir ci-dessus).")
