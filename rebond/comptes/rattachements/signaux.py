"""What those who stand above hear of the links between people and authorities."""

from django.dispatch import Signal

# sender=Rattachement, rattachement, acteur: Utilisateur | None, maintenant. Sent in the transaction of the proof.
rattachement_prouve = Signal()
