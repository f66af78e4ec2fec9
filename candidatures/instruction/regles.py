"""What may be done on a file by those who instruct it: pure predicates on its state."""

from datetime import datetime, timedelta

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import ETATS_EN_COURS, TRANSITIONS_CANDIDATURE, EtatCandidature
from rebond.socle.bdd.jumeaux import jumeau_de

# What an expert may still want to check, or be asked about, once their opinion is in.
LECTURE_APRES_L_AVIS = timedelta(days=15)
AVIS_REVOQUE = "La demande de cet avis est annulée, à cause d’un conflit d’intérêts : il ne peut plus être rendu."
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


def empechement_de_consulter(etat: str) -> str | None:
    """Why no opinion may be asked for or given; None when it may, even while a correction is awaited: an opinion bears
    on what was deposited.

    For whoever gives one, `etat` is the state that they know: a refusal never tells a decision.
    """
    return None if etat in {*ETATS_EN_COURS, EtatCandidature.INSTRUITE} else PLUS_EN_INSTRUCTION


def empechement_de_rendre_l_avis(*, rendu: bool, revoque: bool) -> str | None:
    """Why an avis that was asked for may not be given any more; None when it may."""
    if revoque:
        return AVIS_REVOQUE
    return "Votre avis sur ce dossier est déjà rendu : il ne change plus." if rendu else None


@jumeau_de("candidatures.instruction.models.AvisQuerySet.qui_ouvrent")
def fin_de_lecture(*, rendu_le: datetime | None, publique_a: datetime | None) -> datetime | None:
    """When the reading ends that a request for an opinion opens to its expert, excluded; None as long as nothing says.

    It ends some days after what it was opened for: the opinion given at `rendu_le`, or the results of the wave, public
    from `publique_a` on, after which none is given any more.
    """
    bornes = [borne for borne in (rendu_le, publique_a) if borne is not None]
    return min(bornes) + LECTURE_APRES_L_AVIS if bornes else None


def empechement_de_constater(etat: str, *, constat: str = "") -> str | None:
    """Why the admissibility may not be recorded now; None when it may. `constat`: how it was, once and for all."""
    if constat:
        return constat
    return empechement_d_instruire(etat) or TRANSITIONS_CANDIDATURE.empechement(
        ActeDuDossier.DECLARER_IRRECEVABLE, etat
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
