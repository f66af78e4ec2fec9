"""What an avis says, and the acts of the instruction."""

from django.db import models

from candidatures.dossier.actes import ActeDuDossier
from candidatures.instruction.actes import ActeDInstruction


class SensAvis(models.TextChoices):
    FAVORABLE = "favorable", "Favorable"
    RESERVE = "reserve", "Favorable avec réserves"
    DEFAVORABLE = "defavorable", "Défavorable"


# As the journal names them: whoever did one of these on a file does not decide on it (design, invariant 7).
ACTES_D_INSTRUCTION = (
    ActeDInstruction.CONSTATER_RECEVABILITE,
    ActeDInstruction.PROPOSER_IRRECEVABILITE,
    ActeDInstruction.ATTESTER_LE_LIEN,
    ActeDuDossier.DEMANDER_CORRECTION,
    ActeDuDossier.DECLARER_IRRECEVABLE,
    ActeDInstruction.DEMANDER_AVIS,
    ActeDInstruction.RENDRE_AVIS,
    ActeDInstruction.REVOQUER_AVIS,
    ActeDInstruction.LEVER_RESERVE,
    ActeDuDossier.PROPOSER,
)
