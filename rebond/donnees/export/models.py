"""Who asked for the data of a person, and the file that answers."""

from datetime import datetime

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document

#: Times that a worker tries before whoever asked is told that it failed.
ESSAIS_MAX = 5


class ExportDeDonneesQuerySet(models.QuerySet["ExportDeDonnees"]):
    def a_preparer(self) -> "ExportDeDonneesQuerySet":
        """The pending work: whatever stops the worker, the next beat finds it again."""
        return self.filter(pret_le=None, echoue_le=None)

    def disponibles(self, maintenant: datetime) -> "ExportDeDonneesQuerySet":
        return self.filter(expire_le__gt=maintenant).exclude(document=None)


class ExportDeDonnees(models.Model):
    """What the portal knows of `personne`, asked by that person, or by an administrateur whom they wrote to (`motif`).

    `document` is its file, until `expire_le`. Nobody but the person is ever given it: signed in, or, when their
    account opens no more, by a link sent to their proven address, whose secret has `empreinte` (SHA-256).
    """

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    motif = models.CharField("raison", max_length=300, blank=True)
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())
    essais = models.PositiveSmallIntegerField("essais", default=0)
    pret_le = models.DateTimeField("prêt le", null=True, blank=True)
    expire_le = models.DateTimeField("disponible jusqu’au", null=True, blank=True)
    echoue_le = models.DateTimeField("échoué le", null=True, blank=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    empreinte = models.CharField("empreinte du lien", max_length=64, blank=True)

    objects = ExportDeDonneesQuerySet.as_manager()

    class Meta:
        verbose_name = "export de données personnelles"
        verbose_name_plural = "exports de données personnelles"
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["personne"],
                name="export_un_seul_en_preparation",
                condition=Q(pret_le=None, echoue_le=None),
                violation_error_message="Un export de ces données est déjà en préparation.",
            ),
            models.CheckConstraint(
                name="export_demande_par_soi_ou_motive", condition=Q(personne=F("demande_par")) | ~Q(motif="")
            ),
            models.CheckConstraint(
                name="export_pret_avec_son_terme",
                condition=Q(pret_le=None, expire_le=None, document=None, empreinte="")
                | Q(pret_le__isnull=False, expire_le__gt=F("pret_le"), echoue_le=None),
            ),
        ]

    def __str__(self) -> str:
        return f"Export n° {self.pk}"
