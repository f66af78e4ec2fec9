"""What was entered by mistake: kept, shown as such, counted nowhere."""

from django.conf import settings
from django.db import models
from django.db.models import Q


class Annulable(models.Model):
    """A row that may turn out to be a mistake of entry, which is another thing than an event of the real world.

    It stays, with who said so, when (database's clock) and why; `retenus()` of its QuerySet leaves it out.
    """

    annule_le = models.DateTimeField("annulé le", null=True, blank=True)
    annule_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    annulation = models.CharField("raison de l’annulation", max_length=300, blank=True)

    class Meta:
        abstract = True

    @property
    def est_annule(self) -> bool:
        return self.annule_le is not None


def annulation_signee(nom: str) -> models.CheckConstraint:
    """A cancellation bears its author, its instant and its reason, or is not."""
    return models.CheckConstraint(
        name=nom,
        condition=Q(annule_le=None, annule_par=None, annulation="")
        | (Q(annule_le__isnull=False, annule_par__isnull=False) & ~Q(annulation="")),
        violation_error_message="Une annulation porte son auteur, sa date et sa raison.",
    )
