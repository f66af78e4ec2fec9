"""What an avis says, and the acts of the instruction."""

from django.db import models


class SensAvis(models.TextChoices):
    FAVORABLE = "favorable", "Favorable"
    RESERVE = "reserve", "Favorable avec réserves"
    DEFAVORABLE = "defavorable", "Défavorable"


# As the journal names them: whoever did one of these on a file does not decide on it (design, invariant 7).
ACTES_D_INSTRUCTION = (
    "constater_recevabilite",
    "demander_correction",
    "declarer_irrecevable",
    "demander_avis",
    "rendre_avis",
    "proposer",
)
