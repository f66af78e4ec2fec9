"""What is done on roles and organismes, one transaction each."""

from rebond.comptes.actions.installation import habiliter
from rebond.comptes.actions.organismes import creer_organisme

__all__ = ["creer_organisme", "habiliter"]
