"""What is done on the texts of the portal."""

from rebond.socle.journal.actes import Acte


class ActeDeTexte(Acte, sur=("portail.versiondetexte",)):
    """What is done on the texts of the portal."""

    TEXTE_PUBLIE = "texte publié", "Texte publié"
