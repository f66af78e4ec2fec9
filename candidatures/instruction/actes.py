"""What is done on a file by those who instruct it, and between them and its territory."""

from rebond.socle.journal.actes import Acte, Lecteurs


class ActeDInstruction(Acte, sur=("candidatures.candidature",)):
    """What is done on a file by those who instruct it, and between them and its territory."""

    AFFECTER = "affecter", "Dossier confié à un instructeur"
    PRENDRE = "prendre", "Dossier pris par un instructeur"
    RENDRE_A_PRENDRE = "rendre_a_prendre", "Dossier rendu, à prendre"
    CONSTATER_RECEVABILITE = "constater_recevabilite", "Dossier déclaré recevable"
    PROPOSER_IRRECEVABILITE = "proposer_irrecevabilite", "Irrecevabilité proposée"
    RENVOYER_IRRECEVABILITE = "renvoyer_irrecevabilite", "Irrecevabilité renvoyée à l’instruction"
    DEMANDER_AVIS = "demander_avis", "Avis demandé"
    RENDRE_AVIS = "rendre_avis", "Avis rendu"
    REVOQUER_AVIS = "revoquer_avis", "Demande d’avis annulée"
    PRENDRE_AVIS = "prendre_avis", "Demande d’avis prise"
    CONFIER_AVIS = "confier_avis", "Demande d’avis confiée à un collègue"
    DECLINER_AVIS = "decliner_avis", "Demande d’avis déclinée"
    RELANCER_AVIS = "relancer_avis", "Avis relancé"
    LEVER_RESERVE = "lever_reserve", "Réserve d’un avis levée"
    ATTESTER_LE_LIEN = "attester_le_lien", "Lien du responsable du dossier avec sa collectivité attesté"
    RELANCER_CORRECTION = "relancer_correction", "Rappel d’une correction attendue", Lecteurs.TERRITOIRE
    ETIQUETER = "etiqueter", "Étiquette ajoutée"
    DESETIQUETER = "desetiqueter", "Étiquette retirée"
    DECLARER_INTERET = "declarer_interet", "Conflit d’intérêts déclaré"
    ENVOYER_MESSAGE = "envoyer_message", "Message envoyé", Lecteurs.TERRITOIRE
    ENREGISTRER_CORRECTION = "enregistrer_correction", "Correction enregistrée", Lecteurs.TERRITOIRE
    JOINDRE_A_LA_CORRECTION = "joindre_a_la_correction", "Pièce jointe à la correction", Lecteurs.TERRITOIRE
    ENLEVER_DE_LA_CORRECTION = "enlever_de_la_correction", "Pièce enlevée de la correction", Lecteurs.TERRITOIRE
