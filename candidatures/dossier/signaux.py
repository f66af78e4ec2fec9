"""What a file asks of those who stand above it; a question without an answer is answered « no »."""

from typing import TYPE_CHECKING, Any

from django.dispatch import Signal

if TYPE_CHECKING:
    from candidatures.dossier.models.dossiers import Candidature
    from rebond.socle.utilisateur import Utilisateur

# sender=Candidature, candidature, personne: Utilisateur. Receivers answer whether `personne` judges this file.
juges_du_dossier = Signal()


def est_jugee_par(candidature: "Candidature", personne: "Utilisateur") -> bool:
    """Whoever judges a file takes no part in it."""
    return _un_oui(juges_du_dossier.send(type(candidature), candidature=candidature, personne=personne))


def _un_oui(reponses: list[tuple[Any, Any]]) -> bool:
    return any(reponse for _, reponse in reponses)
