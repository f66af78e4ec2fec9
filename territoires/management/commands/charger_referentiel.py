"""Loads régions, départements, EPCI and communes from the derived files; harmless when repeated."""

from typing import Any

from django.core.management.base import BaseCommand

from rebond.socle.typographie import compte
from territoires.chargement import charger_referentiel


class Command(BaseCommand):
    help = "Charge ou met à jour les régions, les départements, les intercommunalités et les communes du référentiel."

    def handle(self, *_args: Any, **_options: Any) -> None:
        bilan = charger_referentiel()
        parties = [
            compte(bilan.regions, "région"),
            compte(bilan.departements, "département"),
            compte(bilan.epcis, "intercommunalité"),
            compte(bilan.communes, "commune"),
        ]
        self.stdout.write(f"Référentiel {bilan.millesime} chargé\u00a0: {', '.join(parties)}.")
        if bilan.disparus:
            self.stdout.write(
                f"Conservées d’un millésime antérieur\u00a0: {compte(bilan.disparus, 'intercommunalité')}."
            )
