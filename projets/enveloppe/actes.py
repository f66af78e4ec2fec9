"""What is done on an envelope."""

from rebond.socle.journal.actes import Acte


class ActeDEnveloppe(Acte, sur=("projets.enveloppe",)):
    """What is done on an envelope."""

    OUVRIR_ENVELOPPE = "ouvrir_enveloppe", "Enveloppe ouverte"
