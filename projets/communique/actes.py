"""What is done on a release."""

from rebond.socle.journal.actes import Acte


class ActeDeCommunique(Acte, sur=("projets.communique",)):
    """What is done on a release."""

    FIGER_COMMUNIQUE = "figer_communique", "Texte arrêté"
    CONSTATER_ECARTS = "constater_ecarts", "Communiqué contredit par les données"
    LEVER_ECARTS = "lever_ecarts", "Données de nouveau conformes au communiqué"
