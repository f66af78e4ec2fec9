"""Which acts of others stop whoever acts on a file without having read of them."""

from candidatures.dossier.actes import ActeDuDossier
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.etats import ACTES_D_INSTRUCTION

# What one judges by. A room whose acts change it adds them here; never those that a colleague must not know of.
QUI_COMPTENT = (
    *ACTES_D_INSTRUCTION,
    ActeDInstruction.REVOQUER_AVIS,
    ActeDInstruction.RENVOYER_IRRECEVABILITE,
    ActeDuDossier.SIGNER_IRRECEVABILITE,
    ActeDuDossier.RENDRE_CORRECTION,
    ActeDuDossier.FERMER_CORRECTION,
    ActeDuDossier.EFFACER_PIECE,
    ActeDuDossier.ECARTER_INFECTEE,
    ActeDuDossier.LABELLISER,
    ActeDuDossier.NE_PAS_RETENIR,
    ActeDuDossier.AJOURNER,
)
# What an expert knows of, who reads what the territory gives and nothing of the instruction.
LUS_D_UN_EXPERT = (ActeDuDossier.RENDRE_CORRECTION,)
A_CHANGE = (
    "Ce dossier a changé depuis que vous l’avez ouvert. Rien n’est enregistré\u00a0: lisez ce qui a été fait, puis "
    "confirmez ou corrigez ce que vous avez écrit."
)
