"""What is done on a label."""

from rebond.socle.journal.actes import Acte


class ActeDeLabel(Acte, sur=("candidatures.labellisation",)):
    """What is done on a label."""

    ANNONCER = "annoncer", "Annonce des résultats signée"
