"""Takes over the files that the call received on Démarches simplifiées."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from candidatures.reprise.correspondance import PAR_DEFAUT, lire_correspondance
from candidatures.reprise.execution import executer
from candidatures.reprise.lecture import lire_fichier
from candidatures.reprise.pieces import Fichiers
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.importation.imports import CommandeDImport
from rebond.socle.utilisateur import Utilisateur


class Command(CommandeDImport):
    help = "Reprend les dossiers d’un export JSON de Démarches simplifiées."

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("fichier", type=Path, help="réponse de l’API, ou liste de réponses, en JSON")
        parser.add_argument(
            "--correspondance",
            type=Path,
            default=PAR_DEFAUT,
            metavar="FICHIER",
            help="correspondance (TOML)",
        )
        parser.add_argument(
            "--pieces", type=Path, metavar="DOSSIER", help="dossier des pièces jointes, nommées comme elles l’étaient"
        )
        parser.add_argument("--par", metavar="ADRESSE", default="", help="compte au nom duquel le journal l’inscrit")

    def importer(
        self,
        *,
        fichier: Path,
        a_blanc: bool,
        correspondance: Path,
        pieces: Path | None,
        par: str,
        **_options: Any,
    ) -> bool:
        rapport = executer(
            lire_fichier(fichier),
            lire_correspondance(correspondance),
            maintenant=horloge_base(),
            acteur=_acteur(par),
            dossier=Fichiers(pieces) if pieces else None,
            a_blanc=a_blanc,
        )
        self.dire(rapport.lignes())
        return rapport.complet


def _acteur(adresse: str) -> Utilisateur | None:
    if not adresse:
        return None
    trouve = Utilisateur.objects.filter(email__iexact=adresse).first()
    if trouve is None:
        raise RegleEnfreinte(f"Personne n’a de compte à l’adresse «\u00a0{adresse}\u00a0».")
    return trouve
