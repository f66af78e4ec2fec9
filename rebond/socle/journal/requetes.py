"""What the journal holds of something."""

from django.db import models

from rebond.socle.journal.models import EntreeJournal


def entrees_sur(objet: models.Model) -> models.QuerySet[EntreeJournal]:
    """What the journal holds of `objet`, latest first."""
    return EntreeJournal.objects.filter(objet_type=objet._meta.label_lower, objet_id=str(objet.pk)).order_by("-pk")
