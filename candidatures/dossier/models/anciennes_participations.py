"""Who took part in a file until they left it."""

import pgtrigger
from django.conf import settings
from django.db import models

from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import HorlogeBase


class AncienneParticipation(models.Model):
    """Written by Postgres when someone leaves a file. Whoever wrote it does not judge it afterwards either."""

    candidature = models.ForeignKey("candidatures.Candidature", on_delete=models.PROTECT, related_name="+")
    utilisateur = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    quittee_le = models.DateTimeField("quitté le", db_default=HorlogeBase())

    class Meta:
        verbose_name = "ancienne participation"
        verbose_name_plural = "anciennes participations"
        constraints = [
            models.UniqueConstraint(fields=["candidature", "utilisateur"], name="ancienne_participation_unique")
        ]
        triggers = [pgtrigger.Protect(name="ancienne_participation_immuable", operation=IMMUABLE)]

    def __str__(self) -> str:
        return f"{self.utilisateur} – {self.candidature}"
