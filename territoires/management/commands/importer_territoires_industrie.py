"""Imports an official list of Territoires d’industrie; the map draws the perimeter once it is there."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any, ClassVar

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.importation.imports import CommandeDImport
from rebond.socle.texte.jours import lire_jour
from rebond.socle.texte.typographie import compte
from territoires.etats import Programme
from territoires.importation import ListeTI, lire
from territoires.industrie import importer
from territoires.referentiel import MILLESIME


class Command(CommandeDImport):
    help = "Importe une liste officielle de Territoires d’industrie (fichier CSV), entière ou pas du tout."
    peut_perdre: ClassVar[bool] = True

    def add_arguments(self, parser: ArgumentParser) -> None:
        super().add_arguments(parser)
        parser.add_argument("fichier", type=Path)
        parser.add_argument("--programme", choices=Programme.values, required=True)
        parser.add_argument(
            "--en-vigueur",
            nargs=2,
            type=lire_jour,
            metavar=("DU", "AU"),
            help="premier et dernier jours du programme, AAAA-MM-JJ (par défaut : ses dates officielles)",
        )

    def importer(
        self,
        *,
        fichier: Path,
        programme: str,
        a_blanc: bool,
        confirmer: bool,
        en_vigueur: list[date] | None,
        **_options: Any,
    ) -> bool:
        validite = (en_vigueur[0], en_vigueur[1]) if en_vigueur else None
        liste = _lire(fichier)
        self.dire(liste.remarques)
        if liste.fautes:
            self.dire_les_fautes(liste.fautes)
            return False
        bilan = importer(
            liste.lignes, programme=Programme(programme), validite=validite, a_blanc=a_blanc, confirmer=confirmer
        )
        self.dire(ligne for ecart in bilan.ecarts for ligne in ecart.lignes())
        territoires = compte(bilan.territoires, "territoire d’industrie", "territoires d’industrie")
        membres, communes = compte(bilan.membres, "membre"), compte(bilan.communes, "commune")
        self.dire([f"{territoires} ({bilan.programme}), {membres} dont {communes}."])
        self.dire(
            f"Hors référentiel {MILLESIME}, conservé sous son nom\u00a0: {membre}" for membre in bilan.hors_referentiel
        )
        return True


def _lire(fichier: Path) -> ListeTI:
    try:
        return lire(fichier.read_bytes())
    except OSError as erreur:
        raise RegleEnfreinte(f"Le fichier {fichier} ne peut pas être lu ({erreur.strerror}).") from erreur
