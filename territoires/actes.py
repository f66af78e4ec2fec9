"""What is done on a PETR."""

from rebond.socle.journal.actes import Acte


class ActeDePetr(Acte, sur=("territoires.petr",)):
    """What is done on a PETR."""

    PETR_DECLARE = "PETR déclaré", "PETR déclaré"
    PETR_CORRIGE = "PETR corrigé", "PETR corrigé"
