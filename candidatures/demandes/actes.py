"""What is done on the request of somebody who does not find their intercommunalité."""

from rebond.socle.journal.actes import Acte


class ActeDeDemande(Acte, sur=("candidatures.demandedepci",)):
    """What is done on the request of somebody who does not find their intercommunalité."""

    DEMANDER = "demander_epci", "Intercommunalité introuvable signalée"
    OUBLIER = "oublier_demandeur_epci", "Coordonnées effacées d’une demande d’intercommunalité"
    REPONDRE = "repondre_epci", "Réponse à une intercommunalité introuvable"
