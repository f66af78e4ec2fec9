"""What is allowed of an aid: pure predicates."""

from projets.portefeuille.actes import ActeDeProjet
from projets.portefeuille.etats import TRANSITIONS_PROJET, Voie
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import euros

SANS_CONCOURS = "Ce projet n’attend plus d’aide de cette enveloppe."
INTERET = (
    "Vous participez ou avez participé à la candidature de ce territoire, ou vous avez déclaré un conflit d’intérêts "
    "sur elle\u00a0: un autre gestionnaire tient son enveloppe."
)


def empechement_d_accorder(etat: str, voie: str, *, annule: bool, ici: bool) -> str | None:
    """Why no aid may go to a project; None when it was sent to the envelope (`ici`: to this one), has no answer yet,
    and was not cancelled."""
    oriente = voie == Voie.ENVELOPPE and ici
    attend = oriente and not annule and TRANSITIONS_PROJET.permet(ActeDeProjet.ACCORDER, etat)
    return None if attend else SANS_CONCOURS


def aide_au_dela_du_reste(montant: int, reste: int) -> str | None:
    """Why a grant of `montant` may not come from an envelope that still holds `reste` (whole euros)."""
    return None if montant <= reste else f"Il reste {euros(reste)} dans l’enveloppe\u00a0: cette aide la dépasserait."


@jumeau_de("postgres:concours_dans_l_investissement")
def aide_excessive(montant: int, investissement: int | None) -> str | None:
    """Why a grant of `montant` may not go to a project of this investment (whole euros)."""
    if investissement is not None and montant > investissement:
        return f"Le projet prévoit {euros(investissement)} d’investissement\u00a0: l’aide ne peut pas le dépasser."
    return None
