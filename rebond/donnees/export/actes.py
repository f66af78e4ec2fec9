"""What is done on the export of one person's data."""

from rebond.socle.journal.actes import Acte


class ActeDExport(Acte, sur=("donnees.exportdedonnees",)):
    """What is done on the export of one person's data."""

    DEMANDE = "export de données demandé", "Export de données personnelles demandé"
    PRET = "export de données prêt", "Export de données personnelles prêt"
