"""What a file waits for, and what became of the opinions that were asked on it, as lists filter them."""

from django.db import models


class CasDAvis(models.TextChoices):
    SANS = "sans", "Aucun avis demandé"
    ATTENDUS = "attendus", "Avis attendus"
    RENDUS = "rendus", "Tous les avis sont rendus"


class ChoixDAvis(models.TextChoices):
    """What a list is chosen by, of the opinions: how they stand (`CasDAvis`), and what is to be looked at of them."""

    SANS = "sans", "Aucun avis demandé"
    ATTENDUS = "attendus", "Avis attendus"
    EN_RETARD = "retard", "Avis en retard"
    DEFAVORABLES = "defavorables", "Avis défavorables"
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
