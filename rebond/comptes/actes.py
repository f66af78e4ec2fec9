"""What is done on organismes; on roles: `territoires.actes.ActeDHabilitation`."""

from rebond.socle.journal.actes import Acte


class ActeDeCompte(Acte, sur=("territoires.organisme",)):
    """What is done on organismes."""

    ORGANISME_CREE = "organisme créé", "Organisme créé"
