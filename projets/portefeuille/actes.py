"""What is done on a project."""

from rebond.socle.journal.actes import Acte


class ActeDeProjet(Acte, sur=("projets.projet",)):
    """What is done on a project."""

    RECENSER = "recenser", "Projet recensé"
    MODIFIER = "modifier", "Description modifiée"
    REESTIMER = "reestimer", "Nouvelle estimation"
    QUALIFIER = "qualifier", "Projet qualifié"
    ORIENTER = "orienter", "Projet orienté"
    DEPOSER_DEMANDE = "deposer_demande", "Demande d’aide déposée"
    ACCORDER = "accorder", "Aide accordée"
    REFUSER = "refuser", "Aide refusée"
    ENGAGER = "engager", "Projet engagé"
    REALISER = "realiser", "Projet réalisé"
    ABANDONNER = "abandonner", "Projet abandonné"
    ANNULER = "annuler", "Projet annulé : saisi par erreur"


# Buttons: what someone is about to do to a project.
ACTES_A_FAIRE = {
    ActeDeProjet.QUALIFIER: "Qualifier le projet",
    ActeDeProjet.DEPOSER_DEMANDE: "Noter le dépôt de la demande d’aide",
    ActeDeProjet.REFUSER: "Noter le refus de l’aide",
    ActeDeProjet.ENGAGER: "Noter l’engagement du projet",
    ActeDeProjet.REALISER: "Noter la réalisation du projet",
    ActeDeProjet.ABANDONNER: "Noter l’abandon du projet",
}
