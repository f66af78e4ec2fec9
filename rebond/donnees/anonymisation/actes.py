"""What is done of an account that names nobody any more."""

from rebond.socle.journal.actes import Acte


class ActeDAnonymisation(Acte, sur=("socle.utilisateur",)):
    """What is done of an account that names nobody any more."""

    COMPTE_ANONYME = "compte rendu anonyme", "Compte rendu anonyme"
