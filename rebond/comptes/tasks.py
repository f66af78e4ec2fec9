"""Work of the workers on roles: thin, harmless when run twice."""

from celery import shared_task

from rebond.comptes.actions.suivi import suivre_les_roles
from rebond.socle.horloge.temps import horloge_base


@shared_task
def suivre() -> None:
    suivre_les_roles(maintenant=horloge_base())
