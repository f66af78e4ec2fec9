"""What was asked of many files at once, and what became of each."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q

from candidatures.dossier.models.dossiers import Candidature
from candidatures.vagues.models.vagues import Vague
from rebond.socle.bdd.expressions import HorlogeBase


class ActeGroupe(models.Model):
    """`acte` (`lots.registre`) asked by `personne`, with what they typed (`donnees`); a row a file says what became of
    it. `second_facteur` and `proconnect`: what their session had proven; the worker uses no role that it could not."""

    personne = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    vague = models.ForeignKey(Vague, on_delete=models.PROTECT, related_name="+")
    acte = models.CharField("acte", max_length=40)
    donnees = models.JSONField("ce qui a été saisi", default=dict)
    second_facteur = models.BooleanField("second facteur prouvé", default=False)
    proconnect = models.BooleanField("ProConnect prouvé", default=False)
    demande_le = models.DateTimeField("demandé le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "acte groupé"
        verbose_name_plural = "actes groupés"
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(name="acte_groupe_immuable", operation=pgtrigger.Update | pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"Acte groupé n° {self.pk}"


class ActeSurDossierQuerySet(models.QuerySet["ActeSurDossier"]):
    def a_faire(self) -> "ActeSurDossierQuerySet":
        """The pending work: whatever stops the worker, the next beat finds it again."""
        return self.filter(fini_le=None)


class ActeSurDossier(models.Model):
    """One file of a grouped act. It is over at `fini_le`, done unless `refus` says why it was not; then nothing of it
    changes: whatever kills the worker, a file is done once."""

    groupe = models.ForeignKey(ActeGroupe, on_delete=models.PROTECT, related_name="dossiers")
    candidature = models.ForeignKey(Candidature, on_delete=models.PROTECT, related_name="+")
    essais = models.PositiveSmallIntegerField("essais", default=0)
    fini_le = models.DateTimeField("fini le", null=True, blank=True)
    refus = models.TextField("pourquoi rien n’est fait", blank=True)

    objects = ActeSurDossierQuerySet.as_manager()

    class Meta:
        verbose_name = "acte sur un dossier"
        verbose_name_plural = "actes sur les dossiers"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["groupe", "candidature"], name="acte_groupe_une_fois_par_dossier"),
            models.CheckConstraint(
                name="acte_sur_dossier_refus_une_fois_fini", condition=Q(refus="") | ~Q(fini_le=None)
            ),
        ]
        indexes = [models.Index(fields=["groupe"], condition=Q(fini_le=None), name="acte_sur_dossier_a_faire")]
        triggers = [
            pgtrigger.ReadOnly(name="acte_sur_dossier_d_un_seul", fields=["groupe", "candidature"]),
            pgtrigger.Protect(
                name="acte_sur_dossier_fait_une_fois",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(old__fini_le__isnull=False),
            ),
            pgtrigger.Protect(name="acte_sur_dossier_conserve", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.groupe}, {self.candidature}"
