"""The account that runs the embedded servers, and how to run a program as that account.

PostgreSQL refuses root. As root the servers therefore run as `nobody`; where that account cannot be taken
(a container without other accounts), in a user namespace that hides root from PostgreSQL.
"""

import os
import pwd
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

ESPACE = ("unshare", "--user", "--map-user=1000")


@dataclass(frozen=True)
class Compte:
    """`uid` and `gid` own the servers' folder: whoever made it decides for all who come after."""

    uid: int
    gid: int

    @classmethod
    def proprietaire(cls, dossier: Path) -> "Compte":
        etat = dossier.stat()
        return cls(etat.st_uid, etat.st_gid)

    @classmethod
    def pour_un_nouveau_dossier(cls) -> "Compte":
        if os.geteuid() != 0:
            return cls(os.geteuid(), os.getegid())
        try:
            personne = pwd.getpwnam("nobody")
            compte = cls(personne.pw_uid, personne.pw_gid)
            compte.lancer(["true"], dossier=Path("/"))
        except (KeyError, OSError, subprocess.SubprocessError):
            return cls(0, 0)
        return compte

    @property
    def emprunte(self) -> bool:
        """True when the servers run under another account than this process."""
        return os.geteuid() == 0 and self.uid != 0

    def demarrer(
        self, commande: Sequence[str | Path], *, dossier: Path, sortie: IO[bytes] | int
    ) -> subprocess.Popen[bytes]:
        """Start `commande` in `dossier`, out of reach of the terminal's Ctrl-C and of the caller's environment."""
        prefixe = ESPACE if os.geteuid() == 0 and self.uid == 0 else ()
        return subprocess.Popen(
            [*prefixe, *map(str, commande)],
            cwd=dossier,
            env={"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=sortie,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            umask=0o077,
            user=self.uid if self.emprunte else None,
            group=self.gid if self.emprunte else None,
            extra_groups=[] if self.emprunte else None,
        )

    def lancer(self, commande: Sequence[str | Path], *, dossier: Path, delai: float = 120) -> tuple[int, str]:
        """Run `commande` to its end, at most `delai` seconds; its exit code and all that it printed.

        Raises OSError when it cannot be started under this account.
        """
        processus = self.demarrer(commande, dossier=dossier, sortie=subprocess.PIPE)
        try:
            sortie, _ = processus.communicate(timeout=delai)
        except subprocess.TimeoutExpired:
            processus.kill()
            sortie, _ = processus.communicate()
        return processus.returncode, sortie.decode(errors="replace")

    def posseder(self, chemin: Path) -> None:
        """Give `chemin` and all that it holds to this account."""
        if not self.emprunte:
            return
        os.lchown(chemin, self.uid, self.gid)
        for racine, dossiers, fichiers in os.walk(chemin):
            for nom in [*dossiers, *fichiers]:
                os.lchown(Path(racine, nom), self.uid, self.gid)
