"""Why somebody holds a file no more."""

from django.db import models


class FinDAffectation(models.TextChoices):
    CONFIEE = "confiee", "Confié à quelqu’un d’autre"
    RENDUE = "rendue", "Rendu, à prendre"
    CONFLIT = "conflit", "Conflit d’intérêts déclaré"
    PARTICIPATION = "participation", "Participation au dossier"
    ROLE = "role", "Fin du rôle sur ce territoire"


# What Postgres records by itself: nobody closes these.
CLOSES_PAR_LA_BASE = (FinDAffectation.CONFLIT, FinDAffectation.PARTICIPATION, FinDAffectation.ROLE)
