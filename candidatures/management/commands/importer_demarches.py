"""Takes over the files that the call received on Démarches simplifiées."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidatures.reprise.correspondance import PAR_DEFAUT, lire_correspondance
from candidatures.reprise.execution import executer
from candidatures.reprise.lecture import lire_fichier
from candidatures.reprise.pieces import Dossier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.models import Utilisateur
from rebond.socle.temps import horloge_base

DES_REFUS = 2


class Command(BaseCommand):
    help = (
        "Reprend les dossiers d’un export JSON de Démarches simplifiées. "
        "Code de sortie : 0 quand tout est repris, 2 quand des dossiers sont refusés ou manquent, 1 sinon."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("fichier", type=Path, help="réponse de l’API, ou liste de réponses, en JSON")
        parser.add_argument("--a-blanc", action="store_true", help="tout essayer, ne rien écrire")
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

    def handle(
        self,
        *_args: Any,
        fichier: Path,
        a_blanc: bool,
        correspondance: Path,
        pieces: Path | None,
        par: str,
        **_options: Any,
    ) -> None:
        try:
            rapport = executer(
                lire_fichier(fichier),
                lire_correspondance(correspondance),
                maintenant=horloge_base(),
                acteur=_acteur(par),
                dossier=Dossier(pieces) if pieces else None,
                a_blanc=a_blanc,
            )
        except RegleEnfreinte as refus:
            raise CommandError(refus.message) from None
        for ligne in rapport.lignes():
            self.stdout.write(ligne)
        if not rapport.complet:
            sys.exit(DES_REFUS)


def _acteur(adresse: str) -> Utilisateur | None:
    if not adresse:
        return None
    trouve = Utilisateur.objects.filter(email__iexact=adresse).first()
    if trouve is None:
        raise RegleEnfreinte(f"Personne n’a de compte à l’adresse «\u00a0{adresse}\u00a0».")
    return trouve
