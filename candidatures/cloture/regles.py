"""When a wave may be closed, extended, and what an incident may bear on."""

from datetime import datetime, timedelta

from candidatures.vagues.actes import ActeDeProlongation
from candidatures.vagues.etats import TRANSITIONS_PROLONGATION, EtatVague
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import instant_fr

# The keys of the letters that a closing writes begin so, then with the key of its wave and « - ».
PREFIXE_DES_COURRIERS = "cloture-"
# What broke a little before a wave opened may still count for it.
INCIDENT_AVANT_L_OUVERTURE = timedelta(days=30)
SECONDE_SIGNATURE = "La seconde signature doit être celle d’une autre personne."
DE_SON_DOSSIER = (
    "Vous participez à ce dossier, ou y avez participé\u00a0: une autre personne doit proposer et signer sa "
    "prolongation."
)
DECISIONS_PRISES = "Les décisions de cette vague sont prises\u00a0: aucune prolongation n’y est plus possible."


@jumeau_de(
    "candidatures.vagues.models.vagues.VagueQuerySet.a_clore",
    "candidatures.cloture.models.prolongations.ProlongationQuerySet.finies",
    "postgres:vague_close_apres_la_grace",
)
def grace_ecoulee(maintenant: datetime, cloture: datetime, grace: timedelta) -> bool:
    """From here on nothing received before the deadline can still be recorded: the wave may be closed."""
    return maintenant >= cloture + grace


@jumeau_de("postgres:prolongation_a_venir")
def empechement_de_prolonger_jusque(jusqu_au: datetime, echeance: datetime, maintenant: datetime) -> str | None:
    """Why an extension until then gives no time; None when it does: it ends later, and after the deadline in force."""
    if jusqu_au > max(echeance, maintenant):
        return None
    return f"Choisissez un instant à venir, après l’échéance en vigueur, le {instant_fr(echeance)}."


@jumeau_de("postgres:prolongation_avant_les_decisions")
def empechement_de_prolonger(etat_vague: str) -> str | None:
    """Why no more time may be given in a wave; None until its decisions are taken, hence before any result."""
    return None if etat_vague in {EtatVague.PREVUE, EtatVague.EN_INSTRUCTION} else DECISIONS_PRISES


def empechement_de_signer(etat: str, *, de_qui_propose: bool, de_son_dossier: bool = False) -> str | None:
    """Why an extension may not be signed, by whoever proposed it or by someone else; None when it may.

    `de_son_dossier`: it gives time to a file in which whoever signs takes part, or took part.
    """
    seconde = SECONDE_SIGNATURE if de_qui_propose else None
    partie = DE_SON_DOSSIER if de_son_dossier else None
    return TRANSITIONS_PROLONGATION.empechement(ActeDeProlongation.ACCORDER, etat) or seconde or partie
