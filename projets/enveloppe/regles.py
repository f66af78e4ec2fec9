"""What is allowed of an aid: pure predicates."""

from projets.portefeuille.etats import TRANSITIONS_PROJET, Voie
from rebond.socle.texte.typographie import euros


def peut_accorder(etat: str, voie: str) -> bool:
    """A grant goes to a project that was sent to the envelope and has no answer yet."""
    return voie == Voie.ENVELOPPE and TRANSITIONS_PROJET.permet("accorder", etat)


def aide_excessive(montant: int, investissement: int | None) -> str | None:
    """Why a grant of `montant` may not go to a project of this investment (whole euros)."""
    if investissement is not None and montant > investissement:
        return f"Le projet prévoit {euros(investissement)} d’investissement\u00a0: l’aide ne peut pas le dépasser."
    return None
