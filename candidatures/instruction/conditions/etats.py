"""What is found of a condition, and how a proposed inadmissibility ends."""

from django.db import models


class Constat(models.TextChoices):
    REMPLIE = "remplie", "Remplie"
    NON_REMPLIE = "non_remplie", "Non remplie"
    A_PRECISER = "a_preciser", "À préciser"


class Issue(models.TextChoices):
    SIGNEE = "signee", "Signée"
    RENVOYEE = "renvoyee", "Renvoyée à l’instruction"
