"""Work of the workers on personal data: thin, harmless when run twice."""

from celery import shared_task

from rebond.donnees.conservation.actions import appliquer
from rebond.donnees.conservation.regles import REGLES
from rebond.donnees.effacement.actions import finir_en_attente
from rebond.donnees.export.actions import preparer_en_attente
from rebond.socle.horloge.temps import horloge_base


@shared_task
def preparer_les_exports() -> int:
    return preparer_en_attente(maintenant=horloge_base())


@shared_task
def appliquer_les_durees() -> dict[str, int]:
    """What may go without anybody looking; the rest waits for `manage.py appliquer_conservation`."""
    return appliquer(maintenant=horloge_base(), regles=[regle for regle in REGLES if regle.d_office])


@shared_task
def finir_les_effacements() -> int:
    """Bytes of documents that were erased: a crash may have left some."""
    return finir_en_attente()
