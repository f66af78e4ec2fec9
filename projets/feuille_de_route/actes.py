"""What is done on a roadmap."""

from rebond.socle.journal.actes import Acte


class ActeDeFeuille(Acte, sur=("projets.axe",)):
    """What is done on a roadmap."""

    ECRIRE_AXE = "ecrire_axe", "Axe de la feuille de route écrit"
    DEPLACER_AXE = "deplacer_axe", "Axe de la feuille de route déplacé"
    RETIRER_AXE = "retirer_axe", "Axe de la feuille de route retiré"
