"""What keeps an act of the instruction from being done on a file: the rules, on what the database holds of it."""

from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction import regles
from candidatures.instruction.models import Recevabilite


def empechement_de_proposer(dossier: Candidature) -> str | None:
    """Why nothing may be proposed on `dossier` now, in a sentence; None when it may."""
    recevable = Recevabilite.objects.filter(candidature=dossier, recevable=True).exists()
    return regles.empechement_de_proposer(dossier.etat, recevable=recevable)
