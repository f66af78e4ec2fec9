"""The tabs of « Ma vague », and what makes a file stand out."""

from django.db import models


class Onglet(models.TextChoices):
    MOI = "moi", "À moi"
    A_PRENDRE = "prendre", "À prendre"
    AUTRUI = "autrui", "En attente d’autrui"
    PRETS = "prets", "Prêts"
    TOUS = "tous", "Tous"


class Particularite(models.TextChoices):
    CORRECTION = "correction", "Correction rendue"
    MESSAGE = "message", "Message non lu"
    INDUSTRIE = "industrie", "En Territoires d’industrie"
    ANCIEN = "ancien", "A déjà candidaté"
