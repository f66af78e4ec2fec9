"""What became of the opinions that were asked on a file, as lists filter it."""

from django.db import models


class CasDAvis(models.TextChoices):
    SANS = "sans", "Aucun avis demandé"
    ATTENDUS = "attendus", "Avis attendus"
    RENDUS = "rendus", "Tous les avis sont rendus"
