"""What is done on the erasure of a document."""

from rebond.socle.journal.actes import Acte


class ActeDEffacement(Acte, sur=("socle.effacementdedocument",)):
    """What is done on the erasure of a document."""

    DEMANDE = "effacement de document demandé", "Effacement d’un document demandé"
    SIGNE = "effacement de document signé", "Document effacé"
    ABANDONNE = "effacement de document abandonné", "Effacement d’un document abandonné"
