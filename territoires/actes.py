"""What is done on a PETR, and on a role."""

from rebond.socle.journal.actes import Acte


class ActeDePetr(Acte, sur=("territoires.petr",)):
    """What is done on a PETR."""

    PETR_DECLARE = "PETR déclaré", "PETR déclaré"
    PETR_CORRIGE = "PETR corrigé", "PETR corrigé"


class ActeDHabilitation(Acte, sur=("territoires.habilitation",)):
    """What is done on a role that somebody holds, or is to hold."""

    PROPOSER = "habilitation proposée", "Habilitation proposée"
    DONNER = "habilitation donnée", "Habilitation donnée"
    SIGNER = "habilitation signée", "Habilitation signée"
    ECARTER = "habilitation écartée", "Habilitation écartée"
    ACTIVER = "habilitation activée", "Habilitation activée"
    CONFIRMER = "habilitation confirmée", "Habilitation confirmée"
    SUSPENDRE = "habilitation suspendue", "Habilitation suspendue"
    RETIRER = "habilitation retirée", "Habilitation retirée"
    FINIR = "habilitation finie", "Habilitation arrivée à sa fin"
    NOMMER = "administrateur nommé", "Administrateur nommé depuis la machine du portail"
