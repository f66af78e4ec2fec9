"""What is done on a mission and on the companies that it meets."""

from rebond.socle.journal.actes import Acte


class ActeDeMission(
    Acte,
    sur=(
        "projets.mission",
        "projets.industriel",
    ),
):
    """What is done on a mission and on the companies that it meets."""

    PREPARER = "preparer", "Mission préparée"
    REUNIR = "reunir", "Mission réunie à une autre"
    OUVRIR = "ouvrir", "Mission lancée"
    REJOINDRE = "rejoindre", "Arrivée dans l’équipe"
    QUITTER = "quitter", "Départ de l’équipe"
    DECRIRE = "decrire", "Contexte ou fin prévue de la mission modifiés"
    AJOUTER_INDUSTRIEL = "ajouter_industriel", "Entreprise ajoutée"
    MODIFIER_INDUSTRIEL = "modifier_industriel", "Entreprise modifiée"
    ANNULER_INDUSTRIEL = "annuler_industriel", "Entreprise annulée : saisie par erreur"
    PASSER_A_ETAT_DES_LIEUX = "passer_a_etat_des_lieux", "Passage à l’étape «\u00a0État des lieux\u00a0»"
    PASSER_A_RENCONTRES = "passer_a_rencontres", "Passage à l’étape «\u00a0Rencontres des industriels\u00a0»"
    PASSER_A_PORTEFEUILLE = "passer_a_portefeuille", "Passage à l’étape «\u00a0Portefeuille consolidé\u00a0»"
    PASSER_A_FEUILLE_DE_ROUTE = "passer_a_feuille_de_route", "Passage à l’étape «\u00a0Feuille de route validée\u00a0»"
    PASSER_A_RESTITUEE = "passer_a_restituee", "Passage à l’étape «\u00a0Restituée\u00a0»"
    PASSER_A_SUIVI = "passer_a_suivi", "Passage à l’étape «\u00a0En suivi\u00a0»"
    PASSER_A_CLOSE = "passer_a_close", "Passage à l’étape «\u00a0Close\u00a0»"
