"""What an incident is, and what a line of a procès-verbal states."""

from django.db import models


class NatureIncident(models.TextChoices):
    INDISPONIBILITE = "indisponibilite", "Indisponibilité du portail"
    HORLOGE = "horloge", "Horloge"
    MESSAGERIE = "messagerie", "Messagerie"
    AUTRE = "autre", "Autre"


class NatureLigne(models.TextChoices):
    """What a line of a procès-verbal states, in the order of the lines."""

    ENTETE = "entete", "En-tête"
    DEPOT = "depot", "Dépôt"
    BROUILLON = "brouillon", "Brouillon non déposé"
    PROLONGATION = "prolongation", "Prolongation"
    INCIDENT = "incident", "Incident"
