"""The mark of a demonstration."""

import pgtrigger
from django.db import models

from rebond.socle.bdd.expressions import HorlogeBase


class BaseDeDemonstration(models.Model):
    """The one row of a database in which the demonstration was loaded, whose passwords are public; none elsewhere.

    Nothing takes it away: a database that has held it holds invented accounts for ever.
    """

    seule = models.BooleanField(primary_key=True, default=True)
    marquee_le = models.DateTimeField("marquée le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "marque de démonstration"
        constraints = [models.CheckConstraint(name="base_de_demonstration_seule", condition=models.Q(seule=True))]
        triggers = [
            pgtrigger.Protect(name="base_de_demonstration_reste", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return "Base de démonstration"
