"""The end of the series of waves."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from rebond.socle.texte.typographie import instant_fr


class FinDeSerie(models.Model):
    """The series of waves came to an end: no other wave is programmed until someone resumes it (`reprise_le`)."""

    motif = models.TextField("motif")
    decidee_le = models.DateTimeField("décidée le")
    decidee_par = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reprise_le = models.DateTimeField("série reprise le", null=True, blank=True)
    reprise_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = "fin de série"
        verbose_name_plural = "fins de série"
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["reprise_le"],
                nulls_distinct=False,
                name="fin_de_serie_une_seule_en_vigueur",
                violation_error_message="La série des vagues est déjà terminée.",
            ),
            models.CheckConstraint(name="fin_de_serie_motivee", condition=~Q(motif="")),
            models.CheckConstraint(
                name="fin_de_serie_reprise_par_quelqu_un",
                condition=Q(reprise_le=None, reprise_par=None)
                | Q(reprise_le__gte=F("decidee_le"), reprise_par__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"Fin de la série, décidée le {instant_fr(self.decidee_le)}"
