"""What the instruction asks of those who stand above it."""

from typing import Any

from django.dispatch import Signal

from candidatures.instruction.suivi.models import Suivi
from rebond.socle.utilisateur import Utilisateur

# sender=Suivi, personne: Utilisateur. Receivers answer the keys of the files on which `personne` may propose nothing,
# whatever their role there, as a query.
propositions_interdites = Signal()


def sans_proposition_de(personne: Utilisateur) -> list[Any]:
    """The queries of the keys of the files on which `personne` proposes nothing."""
    return [cles for _, cles in propositions_interdites.send(Suivi, personne=personne)]
