"""Writes the press release of a date: the one that was frozen, or a draft as the data tell it now."""

from datetime import date
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projets.communique import editions
from projets.communique.formats import FORMATS
from projets.management.commands._commun import ajouter_au, au_ou_aujourd_hui
from rebond.socle.temps import horloge_base

A_L_ECRAN = {"texte", "html"}


class Command(BaseCommand):
    help = "Écrit le communiqué de presse d’une date, dans l’un de ses quatre formats."

    def add_arguments(self, parser: CommandParser) -> None:
        ajouter_au(parser)
        parser.add_argument("--format", choices=list(FORMATS), default="texte")
        parser.add_argument(
            "--projet",
            action="store_true",
            help="le projet de texte d’après les données, même si un communiqué est figé",
        )
        parser.add_argument("-o", "--sortie", type=Path, metavar="FICHIER", help="fichier à écrire")

    def handle(
        self,
        *_args: Any,
        au: date | None,
        format: str,  # noqa: A002
        sortie: Path | None,
        projet: bool,
        **_options: Any,
    ) -> None:
        if sortie is None and format not in A_L_ECRAN:
            raise CommandError(f"Le format {format} ne s’affiche pas à l’écran : ajoutez « -o FICHIER ».")
        edition = editions.projet if projet else editions.en_vigueur
        communique = edition(au=au_ou_aujourd_hui(au), maintenant=horloge_base())
        contenu = FORMATS[format].fabriquer(communique)
        if sortie is None:
            self.stdout.write(contenu.decode(), ending="")
            return
        try:
            sortie.write_bytes(contenu)
        except OSError as erreur:
            raise CommandError(f"Impossible d’écrire {sortie} : {erreur.strerror}.") from erreur
