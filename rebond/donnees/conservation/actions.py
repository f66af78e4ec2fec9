"""Applying the rules: by batches, each with its counts in the journal."""

from collections.abc import Callable, Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from rebond.donnees.conservation.actes import ActeDeConservation
from rebond.donnees.conservation.models import PassageDeConservation
from rebond.donnees.conservation.regles import REGLES, Regle
from rebond.socle.bdd import verrous
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur

LOT = 1000
Finir = Callable[[QuerySet], int]


def appliquer(
    *, maintenant: datetime, regles: Iterable[Regle] = REGLES, acteur: Utilisateur | None = None
) -> dict[str, int]:
    """End what is due of the kinds that are swept here; return how many of each. One process at a time.

    Each batch is one transaction with its entry in the journal: killed anywhere, the next time goes on.
    """
    with verrous.exclusif("conservation") as seul:
        if not seul:
            return {}
        return {
            regle.cle: _appliquer(regle, regle.finir, maintenant, acteur)
            for regle in regles
            if regle.finir is not None
        }


def _appliquer(regle: Regle, finir: Finir, maintenant: datetime, acteur: Utilisateur | None) -> int:
    dus = list(regle.echus(maintenant).order_by("pk").values_list("pk", flat=True))
    lots = (dus[debut : debut + LOT] for debut in range(0, len(dus), LOT))
    return sum(_finir(regle, finir, lot, maintenant, acteur) for lot in lots)


@transaction.atomic
def _finir(regle: Regle, finir: Finir, lot: list[int], maintenant: datetime, acteur: Utilisateur | None) -> int:
    # What has served again since is left.
    finis = finir(regle.echus(maintenant).filter(pk__in=lot))
    if finis:
        passage = PassageDeConservation.objects.create(regle=regle.cle, nombre=finis)
        consigner(
            ActeDeConservation.APPLIQUEE,
            passage,
            acteur=acteur,
            fait_le=maintenant,
            regle=regle.cle,
            nombre=finis,
            jours=regle.duree.days,
        )
    return finis
