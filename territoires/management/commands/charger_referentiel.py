"""Loads régions, départements, EPCI and communes from the derived files; harmless when repeated."""

from typing import Any, ClassVar

from rebond.socle.importation.imports import CommandeDImport
from rebond.socle.texte.typographie import compte
from territoires.chargement import ReferentielFautif, charger_referentiel


class Command(CommandeDImport):
    help = "Charge ou met à jour les régions, les départements, les intercommunalités et les communes du référentiel."
    peut_perdre: ClassVar[bool] = True

    def importer(self, *, a_blanc: bool, confirmer: bool, **_options: Any) -> bool:
        try:
            bilan = charger_referentiel(a_blanc=a_blanc, confirmer=confirmer)
        except ReferentielFautif as refus:
            self.dire_les_fautes(refus.fautes)
            return False
        if bilan.ecart.presents:
            self.dire(bilan.ecart.lignes())
        parties = [
            compte(bilan.regions, "région"),
            compte(bilan.departements, "département"),
            compte(bilan.epcis, "intercommunalité"),
            compte(bilan.communes, "commune"),
        ]
        self.dire([f"Référentiel {bilan.millesime} chargé\u00a0: {', '.join(parties)}."])
        if bilan.disparus:
            self.dire([f"Conservées d’un millésime antérieur\u00a0: {compte(bilan.disparus, 'intercommunalité')}."])
        return True
