"""Recomputes procès-verbaux from the data and the files, and names the first difference."""

import sys
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from candidatures.cloture.models.proces_verbaux import ProcesVerbal
from candidatures.cloture.proces_verbal.comparaison import Difference
from candidatures.cloture.proces_verbal.verification import verifier
from rebond.socle.preuve.instantane import instantane
from rebond.socle.texte.typographie import compte, instant_fr

MAUVAIS_USAGE = 2


class Command(BaseCommand):
    help = (
        "Vérifie les procès-verbaux de clôture à partir des données et des fichiers. "
        "Code de sortie : 0 quand tout est conforme, 1 à la première différence, 2 si la commande est mal employée."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("vague", type=int, nargs="?", help="numéro de la vague")
        parser.add_argument("--rang", type=int, help="1 pour la clôture, 2 et plus pour ses compléments")
        parser.add_argument("--toutes", action="store_true", help="toutes les vagues, dans l’ordre d’enregistrement")

    def handle(self, *_args: Any, vague: int | None, rang: int | None, toutes: bool, **_options: Any) -> None:
        if (vague is None) != toutes:
            raise CommandError("Donnez le numéro d’une vague, ou --toutes.", returncode=MAUVAIS_USAGE)
        actes = ProcesVerbal.objects.select_related("vague").order_by("pk")
        if vague is not None:
            actes = actes.filter(vague__numero=vague)
        if rang is not None:
            actes = actes.filter(rang=rang)
        with instantane():
            verifies = self._verifier(list(actes))
        if not verifies:
            raise CommandError("Aucun procès-verbal ne répond à cette demande.", returncode=MAUVAIS_USAGE)
        self.stdout.write(f"{compte(verifies, 'procès-verbal conforme', 'procès-verbaux conformes')}.")

    def _verifier(self, actes: list[ProcesVerbal]) -> int:
        for acte in actes:
            self.stdout.write(f"{acte}, établi le {instant_fr(acte.etabli_le, secondes=True)}")
            try:
                for constat in verifier(acte):
                    self.stdout.write(f"  {constat}")
            except Difference as difference:
                self.stdout.write(f"  DIFFÉRENCE – {difference}")
                sys.exit(1)
        return len(actes)
