"""What is done on a file: the passages between its states, and what people do in it."""

from rebond.socle.journal.actes import Acte, Lecteurs


class ActeDuDossier(Acte, sur=("candidatures.candidature",)):
    """What is done on a file: the passages between its states, and what people do in it."""

    OUVRIR = "ouvrir", "Dossier ouvert", Lecteurs.TERRITOIRE
    ENREGISTRER = "enregistrer", "Rubrique enregistrée", Lecteurs.TERRITOIRE
    RESTAURER = "restaurer", "Version précédente d’une rubrique reprise", Lecteurs.TERRITOIRE
    REPRENDRE_DOCUMENT = "reprendre_document", "Réponses reprises d’un document rempli hors ligne", Lecteurs.TERRITOIRE
    JOINDRE = "joindre", "Pièce jointe ajoutée", Lecteurs.TERRITOIRE
    REMPLACER = "remplacer", "Pièce jointe remplacée", Lecteurs.TERRITOIRE
    ENLEVER = "enlever", "Pièce jointe enlevée", Lecteurs.TERRITOIRE
    DEPOSER = "deposer", "Dossier déposé", Lecteurs.TERRITOIRE
    RETIRER = "retirer", "Dossier retiré", Lecteurs.TERRITOIRE
    COPIER = "copier", "Dossier copié d’une période de dépôt précédente", Lecteurs.TERRITOIRE
    COMPOSER = "composer", "Groupement composé", Lecteurs.TERRITOIRE
    AJOUTER_MEMBRE = "ajouter_membre", "Membre ajouté au groupement", Lecteurs.TERRITOIRE
    RETIRER_MEMBRE = "retirer_membre", "Membre retiré du groupement", Lecteurs.TERRITOIRE
    DESIGNER_CHEF_DE_FILE = "designer_chef_de_file", "Chef de file du groupement changé", Lecteurs.TERRITOIRE
    SUIVRE_SUCCESSION = (
        "suivre_succession",
        "Membre remplacé par celui qui lui succède",
        Lecteurs.TERRITOIRE,
    )
    DECLARER_PETR = "declarer_petr", "PETR déclaré et ajouté au groupement", Lecteurs.TERRITOIRE
    INVITER = "inviter", "Invitation envoyée", Lecteurs.TERRITOIRE
    RENVOYER_INVITATION = "renvoyer_invitation", "Invitation renvoyée", Lecteurs.TERRITOIRE
    REVOQUER_INVITATION = "revoquer_invitation", "Invitation annulée", Lecteurs.TERRITOIRE
    ACCEPTER_INVITATION = "accepter_invitation", "Invitation acceptée", Lecteurs.TERRITOIRE
    # Whoever invited is written to; the others of the file learn nothing of it.
    DECLINER_INVITATION = "decliner_invitation", "Invitation déclinée"
    CHANGER_QUALITE = "changer_qualite", "Rôle changé dans le dossier", Lecteurs.TERRITOIRE
    RETIRER_PARTICIPANT = "retirer_participant", "Participation arrêtée", Lecteurs.TERRITOIRE
    QUITTER_DOSSIER = "quitter_dossier", "Dossier quitté", Lecteurs.TERRITOIRE
    PASSER_LA_MAIN = "passer_la_main", "Dossier confié à un autre responsable", Lecteurs.TERRITOIRE
    CREER_LIEN = "creer_lien", "Lien sans compte créé", Lecteurs.TERRITOIRE
    REVOQUER_LIEN = "revoquer_lien", "Lien sans compte annulé", Lecteurs.TERRITOIRE
    DONNER_ACCORD = "donner_accord", "Bon pour dépôt donné", Lecteurs.TERRITOIRE
    RAPPELER_ACCORD = "rappeler_accord", "Bon pour dépôt rappelé", Lecteurs.TERRITOIRE
    ECARTER_INFECTEE = "ecarter_infectee", "Pièce écartée par l’antivirus"
    EFFACER_PIECE = "effacer_piece", "Pièce effacée, pour ce qu’elle contenait", Lecteurs.TERRITOIRE
    VIDER_BROUILLON = "vider_brouillon", "Brouillon jamais déposé vidé, avec le temps", Lecteurs.TERRITOIRE
    OUVRIR_INSTRUCTION = "ouvrir_instruction", "Passage en instruction"
    DEMANDER_CORRECTION = "demander_correction", "Correction demandée", Lecteurs.TERRITOIRE
    RENDRE_CORRECTION = "rendre_correction", "Correction rendue", Lecteurs.TERRITOIRE
    FERMER_CORRECTION = "fermer_correction", "Correction fermée sans réponse", Lecteurs.TERRITOIRE
    # As the journal of before inadmissibilities were signed has it.
    DECLARER_IRRECEVABLE = "declarer_irrecevable", "Dossier déclaré irrecevable"
    SIGNER_IRRECEVABILITE = "signer_irrecevabilite", "Irrecevabilité signée"
    PROPOSER = "proposer", "Proposition faite"
    LABELLISER = "labelliser", "Labellisation décidée"
    NE_PAS_RETENIR = "ne_pas_retenir", "Décision de ne pas retenir"
    AJOURNER = "ajourner", "Ajournement décidé"
    REPRENDRE_LAUREATE = "reprendre_laureate", "Décision reprise\u00a0: lauréat"
    REPRENDRE_NON_RETENUE = "reprendre_non_retenue", "Décision reprise\u00a0: non retenu"
    REPRENDRE_AJOURNEE = "reprendre_ajournee", "Décision reprise\u00a0: ajourné"
