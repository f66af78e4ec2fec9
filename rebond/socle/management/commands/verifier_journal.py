"""Says whether the journal is what was written in it."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import ScelleDuJournal
from rebond.socle.journal.verification import verifier
from rebond.socle.preuve.instantane import instantane

MAUVAIS_USAGE = 2


class Command(BaseCommand):
    help = (
        "Recalcule les scellés du journal à partir de ses entrées. Code de sortie : 0 quand le journal est intact, "
        "1 quand il a été altéré, 2 si la commande est mal employée."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--temoin",
            action="append",
            default=[],
            metavar="NUMERO:EMPREINTE",
            help="l’empreinte d’un scellé, notée ailleurs que dans la base ; peut être répété",
        )

    def handle(self, *_args: Any, temoin: list[str], **_options: Any) -> None:
        temoins = dict(_temoin(texte) for texte in temoin)
        with instantane():
            constat = verifier(horloge_base(), temoins)
            dernier = ScelleDuJournal.objects.order_by("numero").last()
        for phrase in constat.tient:
            self.stdout.write(phrase)
        for phrase in constat.alterations:
            self.stdout.write(f"ALTÉRÉ – {phrase}")
        if constat.alterations:
            sys.exit(1)
        self.stdout.write("Le journal est intact.")
        if dernier is not None:
            self.stdout.write(f"À noter hors de la base : --temoin {dernier.numero}:{dernier.empreinte}")


def _temoin(texte: str) -> tuple[int, str]:
    numero, _, empreinte = texte.partition(":")
    if not numero.isdecimal() or not empreinte:
        raise CommandError(f"« {texte} » n’est pas un témoin : écrivez NUMERO:EMPREINTE.", returncode=MAUVAIS_USAGE)
    return int(numero), empreinte
