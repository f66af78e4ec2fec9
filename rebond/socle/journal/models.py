"""The journal as Postgres holds it."""

import pgtrigger
from django.db import models

from rebond.socle.bdd.expressions import HorlogeBase


class EntreeJournal(models.Model):
    """One act, as it was done. Never changed, never removed: a trigger refuses both.

    `fait_le` is the instant that counts for the act, `ecrit_le` the database's own at writing. Actor and object are
    copied rather than referenced, because the entry outlives them.
    """

    acte = models.CharField(max_length=80)
    acteur_id_copie = models.BigIntegerField(null=True)
    acteur = models.CharField(max_length=254)
    objet_type = models.CharField(max_length=80)
    objet_id = models.CharField(max_length=40)
    objet = models.CharField(max_length=300)
    fait_le = models.DateTimeField(null=True)
    ecrit_le = models.DateTimeField(db_default=HorlogeBase())
    details = models.JSONField(default=dict)

    class Meta:
        verbose_name = "entrée du journal"
        verbose_name_plural = "journal"
        ordering = ["-pk"]
        indexes = [models.Index(fields=["objet_type", "objet_id"], name="journal_par_objet")]
        triggers = [pgtrigger.Protect(name="journal_immuable", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.acte} – {self.objet}"
