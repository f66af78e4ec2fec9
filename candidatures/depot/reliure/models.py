"""What was asked and made of bound deposits."""

from typing import Any

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from candidatures.depot.models import Depot
from candidatures.depot.reliure.regles import ESSAIS_MAX
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document


class ReliureQuerySet(models.QuerySet["Reliure"]):
    def a_faire(self) -> "ReliureQuerySet":
        """The pending work: whatever stops the worker, the next beat finds it again."""
        return self.filter(document=None, commencee_le=None, essais__lt=ESSAIS_MAX)


class Reliure(models.Model):
    """The bound PDF of one deposit. `commencee_le` is set while a worker makes it.

    `montree_au_territoire`: somebody of the file asked for it; what the State's agents have made tells the territory
    nothing of who reads.

    `incluses` are the documents whose bytes are in it: when one of them is erased, or found infected, the PDF is not
    given any more, and another is made without it.
    """

    depot = models.OneToOneField(Depot, on_delete=models.PROTECT, related_name="reliure")
    demandee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demandee_le = models.DateTimeField("demandée le", db_default=HorlogeBase())
    montree_au_territoire = models.BooleanField("montrée au territoire", default=True, db_default=True)
    essais = models.PositiveSmallIntegerField("essais", default=0)
    commencee_le = models.DateTimeField("commencée le", null=True, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    pages = models.PositiveIntegerField("pages", null=True, blank=True)
    incluses = ArrayField(models.BigIntegerField(), verbose_name="documents inclus", default=list, blank=True)
    faite_le = models.DateTimeField("faite le", null=True, blank=True)

    objects = ReliureQuerySet.as_manager()

    class Meta:
        verbose_name = "dossier relié"
        verbose_name_plural = "dossiers reliés"
        constraints = [
            models.CheckConstraint(
                name="reliure_faite_avec_son_document",
                condition=Q(document=None, pages=None, faite_le=None, incluses=[])
                | Q(document__isnull=False, pages__gt=0, faite_le__isnull=False),
            )
        ]

    def __str__(self) -> str:
        return f"Dossier relié {self.depot}"

    @property
    def nom(self) -> str:
        return f"dossier-{self.depot.numero}.pdf"

    @property
    def abandonnee(self) -> bool:
        return self.document_id is None and self.commencee_le is None and self.essais >= ESSAIS_MAX

    def contient_encore(self, servis: Any) -> bool:
        """Whether every document that it holds is among `servis`, those that may still be read."""
        return set(self.incluses) <= set(servis)
