"""What keeps an act of the instruction from being done on a file: the rules, on what the database holds of it."""

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction import regles
from candidatures.instruction.models import Recevabilite
from rebond.socle.texte.typographie import instant_fr


def empechement_de_constater(dossier: Candidature) -> str | None:
    """Why the admissibility of `dossier` may not be recorded now, in a sentence that tells what a colleague recorded;
    None when it may."""
    constat = Recevabilite.objects.filter(candidature=dossier).select_related("auteur").first()
    return regles.empechement_de_constater(dossier.etat, constat=_dire(constat, dossier) if constat else "")


def empechement_de_proposer(dossier: Candidature) -> str | None:
    """Why nothing may be proposed on `dossier` now, in a sentence; None when it may."""
    recevable = Recevabilite.objects.filter(candidature=dossier, recevable=True).exists()
    return regles.empechement_de_proposer(dossier.etat, recevable=recevable)


def _dire(constat: Recevabilite, dossier: Candidature) -> str:
    fait = f"La recevabilité de ce dossier est déjà constatée\u00a0: {str(constat).lower()}, le "
    motif = f" Motif\u00a0: {constat.motif}" if constat.motif else ""
    refus = regles.empechement_d_instruire(dossier.etat)
    suite = f" {refus}" if refus else ""
    return f"{fait}{instant_fr(constat.constatee_le)} par {constat.auteur}.{motif}{suite}"
