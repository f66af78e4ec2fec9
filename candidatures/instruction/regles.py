"""What may be done on a file by those who instruct it: pure predicates on its state."""

from datetime import datetime, timedelta

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import ETATS_EN_COURS, TRANSITIONS_CANDIDATURE, EtatCandidature
from rebond.socle.bdd.jumeaux import jumeau_de

# What an expert may still want to check, or be asked about, once their opinion is in.
LECTURE_APRES_L_AVIS = timedelta(days=15)
PLUS_D_AVIS = (
    "L’instruction de ce dossier est terminée\u00a0: les avis ne s’y demandent plus, ne s’y rendent plus et ne "
    "changent plus."
)
NATURE_DU_CONFLIT = "Précisez en une phrase la nature du conflit d’intérêts."
PLUS_EN_INSTRUCTION = "Ce dossier n’est plus en instruction."
SOUS_RESERVE = (
    "Ce dossier est reçu sous réserve\u00a0: levez d’abord la réserve, ou déclarez-le irrecevable en disant pourquoi."
)
EVALUE = "Vous évaluez ce dossier\u00a0: quelqu’un d’autre propose la décision."
SANS_RECEVABILITE = "Constatez d’abord la recevabilité de ce dossier."


def empechement_d_instruire(etat: str) -> str | None:
    """Why nothing may be recorded or proposed on a file now, in a sentence; None when it may."""
    if etat == EtatCandidature.CORRECTION_DEMANDEE:
        return (
            "Une correction est attendue du territoire sur ce dossier\u00a0: il reviendra en instruction quand elle "
            "sera rendue, ou dès que vous ne l’attendrez plus."
        )
    if etat in {EtatCandidature.EN_INSTRUCTION, EtatCandidature.INSTRUITE}:
        return None
    return PLUS_EN_INSTRUCTION


@jumeau_de("postgres:fige_a_la_proposition")
def empechement_de_consulter(etat: str) -> str | None:
    """Why no avis may be asked for, given or touched now; None when it may, even while a correction is awaited: an
    avis bears on what was deposited.

    From the proposal (or the inadmissibility) on nothing of it moves any more. The same sentence says so whatever
    comes next: it tells nothing of a decision.
    """
    return None if etat in ETATS_EN_COURS else PLUS_D_AVIS


@jumeau_de("candidatures.instruction.saisine.models.SaisineQuerySet.qui_ouvrent")
def fin_de_lecture(*, rendu_le: datetime | None) -> datetime | None:
    """When the reading ends, excluded, that a request for an avis opens to its expert; None as long as nothing says.

    Some days after their avis, unless the instruction is over before: after the proposal (`empechement_de_consulter`)
    an expert reads their own avis, and nothing else.
    """
    return None if rendu_le is None else rendu_le + LECTURE_APRES_L_AVIS


def empechement_de_constater(etat: str, *, constat: str = "") -> str | None:
    """Why the admissibility may not be recorded now; None when it may. `constat`: how it was, once and for all."""
    if constat:
        return constat
    return empechement_d_instruire(etat) or TRANSITIONS_CANDIDATURE.empechement(
        ActeDuDossier.SIGNER_IRRECEVABILITE, etat
    )


@jumeau_de("postgres:recevable_sans_reserve")
def empechement_de_declarer_recevable(*, sous_reserve: bool) -> str | None:
    """Why a file may not be found admissible; None when it may. Inadmissible, it always may be."""
    return SOUS_RESERVE if sous_reserve else None


def empechement_de_lever_la_reserve(etat: str, *, sous_reserve: bool, signale: bool) -> str | None:
    """Why whoever instructs may not lift the reserve of a file; None when they may."""
    if not sous_reserve:
        return "Ce dossier n’est pas sous réserve."
    if signale:
        return "Une collectivité a signalé ce dossier\u00a0: un administrateur doit d’abord lui répondre."
    return empechement_d_instruire(etat)


def empechement_de_proposer(etat: str, *, recevable: bool) -> str | None:
    """Why nothing may be proposed now; None when it may."""
    return empechement_d_instruire(etat) or (None if recevable else SANS_RECEVABILITE)


def deja_propose(etat: str) -> bool:
    """Whether a proposal stands, which another may replace."""
    return etat == EtatCandidature.INSTRUITE
