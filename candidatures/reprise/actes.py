"""What taking over the past does on a file."""

from rebond.socle.journal.actes import Acte


class ActeDeReprise(Acte, sur=("candidatures.candidature",)):
    """What taking over the past does on a file."""

    REPRENDRE = "reprendre", "Dossier repris de Démarches simplifiées"
    METTRE_A_JOUR_REPRISE = "mettre_a_jour_reprise", "Reprise mise à jour"
