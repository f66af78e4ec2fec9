"""Prints the figures of a date."""

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from projets.chiffres import Chiffres, calculer
from projets.management.commands._commun import ajouter_au, au_ou_aujourd_hui
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.texte.typographie import date_fr


class Command(BaseCommand):
    help = "Écrit les chiffres du dispositif à une date donnée."

    def add_arguments(self, parser: CommandParser) -> None:
        ajouter_au(parser)
        parser.add_argument("--format", choices=["json", "texte"], default="texte")

    def handle(self, *_args: Any, au: date | None, format: str, **_options: Any) -> None:  # noqa: A002
        chiffres = calculer(au=au_ou_aujourd_hui(au))
        if format == "json":
            self.stdout.write(json.dumps(chiffres.en_json(), ensure_ascii=False, indent=2))
        else:
            self.stdout.write("\n".join(_lignes(chiffres, chiffres.embargo(horloge_base()))))


def _lignes(chiffres: Chiffres, embargo: str) -> Iterator[str]:
    yield f"Chiffres au {date_fr(chiffres.au)}"
    if embargo:
        yield embargo
    if chiffres.demonstration:
        yield "Données de démonstration : une partie des lignes comptées est inventée."
    for chiffre in chiffres.values():
        yield ""
        yield f"{chiffre.libelle} ({chiffre.cle}) : {chiffre}"
        yield f"  {chiffre.definition}"
