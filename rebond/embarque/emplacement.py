"""The data folder (`REBOND_DONNEES`): documents, letters, logs, the generated secret, and the servers' own folder.

The servers' folder is `serveurs/` inside it. When the servers run as another account that cannot walk down to it
(a checkout under /root), it is a folder of its own under /var/lib, and the file `emplacement` names it.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

from rebond.embarque.compte import Compte
from rebond.embarque.erreurs import ServeurIndisponible, expliquer

AILLEURS = Path("/var/lib")


@dataclass(frozen=True)
class Emplacement:
    """`serveurs` is private to `compte` (0700); `donnees` belongs to whoever runs the commands."""

    donnees: Path
    serveurs: Path
    compte: Compte

    def secret(self, nom: str, *, pour_les_serveurs: bool = False) -> str:
        """The secret kept in the 0600 file `nom`, made up the first time. The caller holds the start lock."""
        fichier = (self.serveurs if pour_les_serveurs else self.donnees) / nom
        if fichier.exists() and (valeur := fichier.read_text().strip()):
            return valeur
        valeur = secrets.token_urlsafe(48)
        ecrire_prive(fichier, valeur)
        if pour_les_serveurs:
            self.compte.posseder(fichier)
        return valeur

    def executable(self, racine: Path, programme: str, *, serveur: str, version: str) -> Path:
        """`racine/programme`, or a copy of it when the account of `serveur` cannot reach the original."""
        original = racine / programme
        try:
            code, _ = self.compte.lancer([original, "--version"], dossier=self.serveurs)
            if code != 126:
                return original
        except PermissionError:
            pass
        copie = self.serveurs / "binaires" / version
        if not copie.is_dir():
            brouillon = copie.with_name(version + ".copie")
            shutil.rmtree(brouillon, ignore_errors=True)
            try:
                shutil.copytree(racine, brouillon)
            except shutil.Error as panne:
                raise expliquer(serveur, str(panne)) from panne
            self.compte.posseder(copie.parent)
            brouillon.rename(copie)
        return copie / programme


def creer(donnees: Path) -> None:
    """Make the data folder, which anyone may walk through but not list, and its private parts."""
    try:
        if not donnees.is_dir():
            donnees.mkdir(parents=True)
            donnees.chmod(0o711)
        for nom in ("fichiers", "courriels", "journaux"):
            (donnees / nom).mkdir(mode=0o700, exist_ok=True)
    except (FileExistsError, NotADirectoryError):
        raise ServeurIndisponible(
            f"{donnees} n'est pas un dossier : indiquez-en un autre par REBOND_DONNEES."
        ) from None


def ouvrir(donnees: Path) -> Emplacement:
    """The data folder with its servers' folder, made the first time. The caller holds the start lock."""
    emplacement = donnees / "emplacement"
    serveurs = Path(emplacement.read_text().strip()) if emplacement.exists() else donnees / "serveurs"
    if serveurs.is_dir():
        return Emplacement(donnees, serveurs, Compte.proprietaire(serveurs))
    if emplacement.exists():
        raise ServeurIndisponible(
            f"Le dossier des bases {serveurs}, que nomme {emplacement}, n'existe plus : remettez-le en place, "
            f"ou supprimez {donnees} pour repartir d'une base vide."
        )
    compte = Compte.pour_un_nouveau_dossier()
    serveurs.mkdir(mode=0o700)
    compte.posseder(serveurs)
    if compte.emprunte and not _accessible(serveurs, compte):
        serveurs.rmdir()
        serveurs = Path(tempfile.mkdtemp(prefix="rebond-", dir=AILLEURS))
        compte.posseder(serveurs)
        ecrire_prive(emplacement, str(serveurs))
    return Emplacement(donnees, serveurs, compte)


def ecrire_prive(fichier: Path, texte: str) -> None:
    """Write `fichier` (0600) whole or not at all: a full disk leaves no empty secret behind."""
    brouillon = fichier.with_name(fichier.name + ".brouillon")
    brouillon.unlink(missing_ok=True)
    with os.fdopen(os.open(brouillon, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as flux:
        flux.write(texte)
    brouillon.replace(fichier)


def _accessible(dossier: Path, compte: Compte) -> bool:
    try:
        code, _ = compte.lancer(["test", "-w", dossier], dossier=Path("/"))
    except (OSError, subprocess.SubprocessError):
        return False
    return code == 0
