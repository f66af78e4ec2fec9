"""The roadmap that a mission leaves to its territory."""

from django.db import models

from projets.mission.models import Mission
from territoires.models import Epci


class FeuilleDeRoute(models.Model):
    mission = models.OneToOneField(Mission, on_delete=models.CASCADE, related_name="feuille_de_route")

    class Meta:
        verbose_name = "feuille de route"
        verbose_name_plural = "feuilles de route"

    def __str__(self) -> str:
        return f"Feuille de route – {self.mission}"


class Axe(models.Model):
    """One line of the roadmap; common to the whole mission when it names no EPCI."""

    feuille = models.ForeignKey(FeuilleDeRoute, on_delete=models.CASCADE, related_name="axes")
    rang = models.PositiveSmallIntegerField("rang")
    titre = models.CharField("titre", max_length=200)
    description = models.TextField("description", blank=True)
    epcis = models.ManyToManyField(Epci, blank=True, related_name="+", verbose_name="territoires concernés")

    class Meta:
        verbose_name = "axe"
        ordering = ["rang", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["feuille", "rang"], name="axe_rang_unique", deferrable=models.Deferrable.DEFERRED
            )
        ]

    def __str__(self) -> str:
        return self.titre


class ActionAxe(models.Model):
    axe = models.ForeignKey(Axe, on_delete=models.CASCADE, related_name="actions")
    intitule = models.CharField("intitulé", max_length=200)
    pilote = models.CharField("pilote", max_length=200, blank=True)
    echeance = models.DateField("échéance", null=True, blank=True)

    class Meta:
        verbose_name = "action"
        ordering = ["pk"]

    def __str__(self) -> str:
        return self.intitule
