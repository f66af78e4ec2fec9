"""What is done on a report."""

from rebond.socle.journal.actes import Acte


class ActeDeRapport(Acte, sur=("projets.rapport",)):
    """What is done on a report."""

    DEMANDER_RAPPORT = "demander_rapport", "Rapport demandé"
    COMMENCER = "commencer", "Fabrication du rapport commencée"
    TERMINER = "terminer", "Rapport prêt"
    ECHOUER = "echouer", "Fabrication du rapport interrompue"
    RELANCER = "relancer", "Rapport relancé"
