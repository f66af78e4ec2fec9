"""What is allowed of an aid: pure predicates."""

from projets.portefeuille.etats import TRANSITIONS_PROJET, Voie
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import euros

SANS_CONCOURS = "Ce projet n’attend pas de concours de cette enveloppe."


def empechement_d_accorder(etat: str, voie: str) -> str | None:
    """Why no aid may go to a project; None when it was sent to the envelope and has no answer yet."""
    attend = voie == Voie.ENVELOPPE and TRANSITIONS_PROJET.permet("accorder", etat)
    return None if attend else SANS_CONCOURS


@jumeau_de("postgres:concours_dans_l_investissement")
def aide_excessive(montant: int, investissement: int | None) -> str | None:
    """Why a grant of `montant` may not go to a project of this investment (whole euros)."""
    if investissement is not None and montant > investissement:
        return f"Le projet prévoit {euros(investissement)} d’investissement\u00a0: l’aide ne peut pas le dépasser."
    return None
