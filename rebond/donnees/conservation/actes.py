"""What is done when the time of a kind of object has passed."""

from rebond.socle.journal.actes import Acte


class ActeDeConservation(Acte, sur=("donnees.passagedeconservation",)):
    """What is done when the time of a kind of object has passed."""

    APPLIQUEE = "conservation appliquée", "Durée de conservation appliquée"
