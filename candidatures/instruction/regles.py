"""What may be done on a file by those who instruct it: pure predicates on its state."""

from candidatures.dossier.etats import ETATS_EN_COURS, EtatCandidature


def peut_instruire(etat: str) -> bool:
    return etat in {EtatCandidature.EN_INSTRUCTION, EtatCandidature.INSTRUITE}


def refus_d_instruire(etat: str) -> str | None:
    """Why nothing may be recorded or proposed on a file now, in a sentence; None when it may."""
    if etat == EtatCandidature.CORRECTION_DEMANDEE:
        return (
            "Une correction est attendue du territoire sur ce dossier\u00a0: il reviendra en instruction quand elle "
            "sera rendue, ou dès que vous ne l’attendrez plus."
        )
    return None if peut_instruire(etat) else "Ce dossier n’est plus en instruction."


def peut_demander_avis(etat: str) -> bool:
    """An opinion may be asked for while a correction is awaited: it bears on what was deposited."""
    return etat in {*ETATS_EN_COURS, EtatCandidature.INSTRUITE}


def peut_rendre_avis(etat_connu: str) -> bool:
    """Whether an opinion may be given, from the state that its author knows: a refusal never tells a decision."""
    return etat_connu in {*ETATS_EN_COURS, EtatCandidature.INSTRUITE}


def peut_constater(etat: str, *, constatee: bool) -> bool:
    """Whether the admissibility is still to be recorded: once a file."""
    return etat == EtatCandidature.EN_INSTRUCTION and not constatee


def peut_proposer(etat: str, *, recevable: bool) -> bool:
    return peut_instruire(etat) and recevable
