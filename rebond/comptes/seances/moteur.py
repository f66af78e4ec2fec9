"""Where Django finds how sessions are kept (`SESSION_ENGINE`)."""

from rebond.comptes.seances.personne import SessionAvecSaPersonne as SessionStore

__all__ = ["SessionStore"]
