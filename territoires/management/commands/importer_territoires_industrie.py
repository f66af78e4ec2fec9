"""Imports an official list of Territoires d’industrie; the map draws the perimeter once it is there."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.typographie import compte
from territoires.etats import Programme
from territoires.importation import FichierInvalide, lire
from territoires.industrie import importer
from territoires.referentiel import MILLESIME


class Command(BaseCommand):
    help = "Importe une liste officielle de Territoires d’industrie (fichier CSV)."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--programme", choices=Programme.values, required=True)
        parser.add_argument(
            "--en-vigueur",
            nargs=2,
            type=date.fromisoformat,
            metavar=("DU", "AU"),
            help="premier et dernier jours du programme, AAAA-MM-JJ (par défaut : ses dates officielles)",
        )

    def handle(
        self, *_args: Any, fichier: Path, programme: str, en_vigueur: list[date] | None, **_options: Any
    ) -> None:
        validite = (en_vigueur[0], en_vigueur[1]) if en_vigueur else None
        try:
            bilan = importer(lire(fichier.read_bytes()), programme=Programme(programme), validite=validite)
        except OSError as erreur:
            raise CommandError(f"Le fichier {fichier} ne peut pas être lu ({erreur.strerror}).") from erreur
        except (FichierInvalide, RegleEnfreinte) as erreur:
            raise CommandError(f"Rien n’a été importé. {erreur}") from erreur
        territoires = compte(bilan.territoires, "territoire d’industrie", "territoires d’industrie")
        membres, communes = compte(bilan.membres, "membre"), compte(bilan.communes, "commune")
        self.stdout.write(f"{territoires} ({bilan.programme}), {membres} dont {communes}.")
        for membre in bilan.hors_referentiel:
            self.stdout.write(f"Hors référentiel {MILLESIME}, conservé sous son nom\u00a0: {membre}")
