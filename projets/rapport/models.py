"""Reports of a mission, as they were asked for and made."""

from datetime import datetime
from typing import ClassVar

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from projets.mission.models import Mission
from projets.rapport.etats import TRANSITIONS_RAPPORT, EtatRapport
from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.documents.models import Document
from rebond.socle.etats.table import Table, declencheur_etats


class RapportQuerySet(models.QuerySet["Rapport"]):
    def a_fabriquer(self, avant: datetime) -> "RapportQuerySet":
        """Waiting, or begun by a worker that gave no sign of life since `avant`."""
        return self.filter(
            Q(etat=EtatRapport.DEMANDE) | Q(etat=EtatRapport.EN_COURS, signe_de_vie__lt=avant)
        ).order_by("pk")


class Rapport(models.Model):
    """One version of a mission's report. The row is the pending work; a worker makes the PDF and freezes the
    figures."""

    TRANSITIONS: ClassVar[Table] = TRANSITIONS_RAPPORT

    mission = models.ForeignKey(Mission, on_delete=models.PROTECT, related_name="rapports")
    version = models.PositiveSmallIntegerField("version")
    au = models.DateField("chiffres au")
    etat = models.CharField("état", max_length=20, choices=EtatRapport.choices, default=EtatRapport.DEMANDE)
    etape = models.CharField("étape en cours", max_length=100, blank=True)
    avancement = models.PositiveSmallIntegerField("avancement (%)", default=0)
    signe_de_vie = models.DateTimeField("dernier signe de vie", db_default=HorlogeBase())
    demande_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())
    chiffres = models.JSONField("chiffres arrêtés", null=True)
    document = models.ForeignKey(Document, on_delete=models.PROTECT, null=True, related_name="+")
    pret_le = models.DateTimeField("prêt le", null=True)
    erreur = models.TextField("erreur", blank=True)

    objects = RapportQuerySet.as_manager()

    class Meta:
        verbose_name = "rapport de mission"
        verbose_name_plural = "rapports de mission"
        ordering = ["-version"]
        constraints = [
            models.UniqueConstraint(fields=["mission", "version"], name="rapport_version_unique"),
            models.UniqueConstraint(
                fields=["mission"],
                name="rapport_un_seul_en_fabrication",
                condition=Q(etat__in=[EtatRapport.DEMANDE, EtatRapport.EN_COURS]),
                violation_error_message="Un rapport est déjà en cours de fabrication pour cette mission.",
            ),
            models.CheckConstraint(name="rapport_avancement", condition=Q(avancement__lte=100)),
            models.CheckConstraint(
                name="rapport_pret_entier",
                condition=Q(
                    etat=EtatRapport.PRET,
                    document__isnull=False,
                    chiffres__isnull=False,
                    pret_le__isnull=False,
                )
                | Q(~Q(etat=EtatRapport.PRET), document=None, chiffres=None, pret_le=None),
            ),
        ]
        triggers = [
            declencheur_etats(TRANSITIONS_RAPPORT),
            pgtrigger.Protect(
                name="rapport_pret_immuable", operation=IMMUABLE, condition=pgtrigger.Q(old__etat=EtatRapport.PRET)
            ),
        ]

    def __str__(self) -> str:
        return f"Rapport de mission v{self.version} – {self.mission}"

    @property
    def nom(self) -> str:
        return f"rapport-mission-{self.mission_id}-v{self.version}.pdf"
