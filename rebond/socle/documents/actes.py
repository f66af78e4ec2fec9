"""What is done on documents."""

from rebond.socle.journal.actes import Acte


class ActeDeDocument(Acte, sur=("socle.document",)):
    """What is done on documents."""

    EFFACER = "effacer_document", "Document sans emploi effacé"
