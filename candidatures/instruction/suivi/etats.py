"""What a file waits for, and what became of the opinions that were asked on it, as lists filter them."""

from django.db import models


class CasDAvis(models.TextChoices):
    SANS = "sans", "Aucun avis demandé"
    ATTENDUS = "attendus", "Avis attendus"
    RENDUS = "rendus", "Tous les avis sont rendus"


class Etape(models.TextChoices):
    """Where the work on a file stands, for those who instruct it: its state, and what was done of it."""

    RECEVABILITE = "recevabilite", "Recevabilité à vérifier"
    SIGNATURE = "signature", "Irrecevabilité à signer"
    CORRECTION = "correction", "Correction attendue"
    AVIS = "avis", "Avis attendus"
    PROPOSITION = "proposition", "Proposition à faire"
    PRET = "pret", "Prêt pour le comité"
    DECIDE = "decide", "Décision prise"
    IRRECEVABLE = "irrecevable", "Irrecevable"


#: What waits for somebody else than whoever instructs.
D_AUTRUI = (Etape.SIGNATURE, Etape.CORRECTION, Etape.AVIS)
