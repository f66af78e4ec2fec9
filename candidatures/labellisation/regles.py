"""When results may become public."""

from datetime import datetime

from candidatures.vagues.actes import ActeDeVague
from candidatures.vagues.etats import ETATS_DE_VAGUE_TENUS_SECRETS, TRANSITIONS_VAGUE
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.bdd.jumeaux import jumeau_de

INTERET = (
    "Vous avez déclaré un conflit d’intérêts sur un dossier de cette vague, ou vous y participez ou y avez "
    "participé : un autre valideur doit prendre les décisions."
)
A_INSTRUIT = (
    "Vous avez instruit au moins un dossier de cette vague\u00a0: un autre valideur doit prendre les décisions."
)
LABEL_SOUS_RESERVE = (
    "Un dossier reçu sous réserve ne peut pas être lauréat\u00a0: il n’est pas établi qu’il est celui de sa "
    "collectivité chef de file."
)
EMBARGO_TROP_LONG = "Un embargo dure un an au plus\u00a0: vérifiez l’année."


@jumeau_de("postgres:vague_annonce_datee_et_signee", "postgres:vague_embargo_d_un_an_au_plus")
def empechement_d_embargo(publique_a: datetime, maintenant: datetime) -> str | None:
    """Why results may not become public at `publique_a`; None when they may: now or later, within a year."""
    if publique_a < maintenant:
        return "La fin de l’embargo est déjà passée\u00a0: choisissez un instant à venir."
    return None if publique_a <= maintenant + UN_AN_AU_PLUS else EMBARGO_TROP_LONG


def empechement_d_annoncer(etat_connu: str, *, annonce: str = "") -> str | None:
    """Why the results of a wave may not be announced, for whoever knows that state; None when they may, once.

    `annonce` says when they were, and by whom.
    """
    if etat_connu not in ETATS_DE_VAGUE_TENUS_SECRETS:
        return TRANSITIONS_VAGUE[ActeDeVague.ANNONCER].refus
    return annonce or TRANSITIONS_VAGUE.empechement(ActeDeVague.ANNONCER, etat_connu)


def empechement_de_lire_les_decisions(etat_connu: str, numero: int) -> str | None:
    """Why there is no decision to read in wave `numero`, for whoever knows that state; None when there is."""
    if etat_connu in ETATS_DE_VAGUE_TENUS_SECRETS:
        return None
    return f"Les décisions de la vague {numero} ne sont pas encore prises."
