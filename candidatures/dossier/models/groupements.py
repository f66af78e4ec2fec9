"""The authorities behind a file."""

from django.db import models
from django.db.models import Q

from candidatures.dossier.etats import NatureMembre
from candidatures.dossier.models.dossiers import Candidature
from territoires.models import Epci, Petr


class Membre(models.Model):
    """An authority of the grouping: an EPCI, or a PETR, which stands for the EPCI that it gathers.

    Exactly one leads (`chef_de_file`). The EPCI of all members together are the file's `territoire`.
    """

    candidature = models.ForeignKey(Candidature, on_delete=models.CASCADE, related_name="membres")
    epci = models.ForeignKey(Epci, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    petr = models.ForeignKey(Petr, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    chef_de_file = models.BooleanField("chef de file", default=False)

    class Meta:
        verbose_name = "membre du groupement"
        verbose_name_plural = "membres du groupement"
        ordering = ["-chef_de_file", "pk"]
        constraints = [
            models.CheckConstraint(
                name="membre_epci_ou_petr",
                condition=Q(epci=None, petr__isnull=False) | Q(epci__isnull=False, petr=None),
            ),
            models.UniqueConstraint(fields=["candidature", "epci"], name="membre_epci_une_seule_fois"),
            models.UniqueConstraint(fields=["candidature", "petr"], name="membre_petr_une_seule_fois"),
            models.UniqueConstraint(
                fields=["candidature"], name="membre_un_seul_chef_de_file", condition=Q(chef_de_file=True)
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nature(self) -> NatureMembre:
        return NatureMembre.PETR if self.petr_id else NatureMembre.EPCI

    @property
    def nom(self) -> str:
        return str(self.petr.nom if self.petr else self.epci.nom)  # type: ignore[union-attr]

    @property
    def nom_suivi(self) -> str:
        """Its name, and what became of it when it is gone."""
        return str(self.petr.nom if self.petr else self.epci.nom_suivi)  # type: ignore[union-attr]

    @property
    def siren(self) -> str:
        return str(self.petr.siren if self.petr else self.epci.siren)  # type: ignore[union-attr]
