"""How a request for an avis ends when none is given."""

from django.db import models


class FinDeSaisine(models.TextChoices):
    REVOQUEE = "revoquee", "Demande annulée"
    CONFLIT = "conflit", "Conflit d’intérêts"
    HORS_COMPETENCE = "hors_competence", "Hors compétence"
    AILLEURS = "ailleurs", "À demander à quelqu’un d’autre"
