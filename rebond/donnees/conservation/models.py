"""What has gone because its time had passed: counts, and nobody's name."""

import pgtrigger
from django.db import models

from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase


class PassageDeConservation(models.Model):
    """One rule, applied once: how many objects of its kind went. Never changed."""

    regle = models.CharField("règle", max_length=40)
    nombre = models.PositiveIntegerField("objets")
    applique_le = models.DateTimeField("appliquée le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "application d’une durée de conservation"
        verbose_name_plural = "applications des durées de conservation"
        ordering = ["-pk"]
        constraints = [models.CheckConstraint(name="passage_de_quelque_chose", condition=models.Q(nombre__gt=0))]
        triggers = [pgtrigger.Protect(name="passage_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"{self.regle} : {self.nombre}"
