"""When results may become public."""

from datetime import datetime

from candidatures.vagues.etats import ETATS_DE_VAGUE_TENUS_SECRETS, TRANSITIONS_VAGUE, EtatVague
from candidatures.vagues.regles import UN_AN_AU_PLUS
from rebond.socle.bdd.jumeaux import jumeau_de

INTERET = (
    "Vous avez déclaré un conflit d’intérêts sur un dossier de cette vague, ou vous y participez : "
    "un autre valideur doit prendre les décisions."
)
A_INSTRUIT = (
    "Vous avez instruit au moins un dossier de cette vague\u00a0: un autre valideur doit prendre les décisions."
)


@jumeau_de("postgres:vague_annonce_datee_et_signee")
def embargo_valide(publique_a: datetime, maintenant: datetime) -> bool:
    """Results become public now or later, never in the past."""
    return publique_a >= maintenant


@jumeau_de("postgres:vague_embargo_d_un_an_au_plus")
def embargo_trop_long(publique_a: datetime, maintenant: datetime) -> bool:
    """Whether results announced at `maintenant` would stay secret for longer than any embargo lasts."""
    return publique_a > maintenant + UN_AN_AU_PLUS


def empechement_d_annoncer(etat_connu: str, *, programmee: bool) -> str | None:
    """Why the results of a wave may not be announced, for whoever knows that state; None when they may, once."""
    if etat_connu == EtatVague.LABELLISEE and not programmee:
        return None
    return TRANSITIONS_VAGUE["annoncer"].refus


def empechement_de_lire_les_decisions(etat_connu: str, numero: int) -> str | None:
    """Why there is no decision to read in wave `numero`, for whoever knows that state; None when there is."""
    if etat_connu in ETATS_DE_VAGUE_TENUS_SECRETS:
        return None
    return f"Les décisions de la vague {numero} ne sont pas encore prises."
