"""Writes the press release of a date: the file that was stored when it froze, or a draft as the data tell it now."""

from datetime import date, datetime
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from projets.communique import editions
from projets.communique.formats import FORMATS
from projets.management.commands._commun import ajouter_au, au_ou_aujourd_hui
from projets.publication.models import Communique
from rebond.socle.documents import stockage as documents
from rebond.socle.horloge.temps import horloge_base

A_L_ECRAN = {"texte", "html"}


class Command(BaseCommand):
    help = "Écrit le communiqué de presse d’une date, dans l’un de ses quatre formats."

    def add_arguments(self, parser: CommandParser) -> None:
        ajouter_au(parser)
        parser.add_argument("--format", choices=list(FORMATS), default="texte")
        parser.add_argument(
            "--projet",
            action="store_true",
            help="le projet de texte d’après les données, même si un texte est arrêté",
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
        jour, maintenant = au_ou_aujourd_hui(au), horloge_base()
        fige = None if projet else editions.dernier_fige(jour)
        contenu = _fige(fige, format, maintenant) if fige else self._projet(jour, format, maintenant)
        if sortie is None:
            self.stdout.write(contenu.decode(), ending="")
            return
        try:
            sortie.write_bytes(contenu)
        except OSError as erreur:
            raise CommandError(f"Impossible d’écrire {sortie} : {erreur.strerror}.") from erreur

    def _projet(self, au: date, format_: str, maintenant: datetime) -> bytes:
        """The draft; what would keep it from being frozen goes to the error output."""
        projet = editions.projet(au=au, maintenant=maintenant)
        refus = editions.refus(projet, maintenant=maintenant)
        if refus:
            raisons = "\n".join(f"- {raison}" for raison in refus)
            self.stderr.write(f"Ce projet ne peut pas encore être arrêté :\n{raisons}")
        return FORMATS[format_].fabriquer(projet)


def _fige(communique: Communique, format_: str, maintenant: datetime) -> bytes:
    """The file as it was stored when the release was frozen."""
    fichier = editions.fichiers(communique, maintenant=maintenant).filter(cle=format_).first()
    if fichier is None:
        raise CommandError("Les fichiers de ce communiqué ne sont pas encore fabriqués : réessayez dans une minute.")
    return documents.lire(fichier.document)
