"""The journal of accesses: who came in, from where, and what they read. Apart from the journal of acts.

It names people and what they look at: it is kept no longer than it serves (CNIL, délibération 2021-122: six months to
a year), and nothing but age takes an entry away.
"""

from datetime import datetime, timedelta

import pgtrigger
from django.db import models

from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.journal.natures_d_acces import NatureAcces

#: Six months and no more; the sweep (`rebond.socle.tasks.oublier_acces`) takes older entries away.
CONSERVATION = timedelta(days=183)
GARDE = f"{CONSERVATION.days} days"


class AccesQuerySet(models.QuerySet["Acces"]):
    def perimes(self, maintenant: datetime) -> "AccesQuerySet":
        return self.filter(instant__lt=maintenant - CONSERVATION)


class Acces(models.Model):
    """One access, as it happened.

    `personne_id_copie` and `personne` (the address) are copied: an account may be closed. For a failure, `personne` is
    what was typed. `roles` are those in whose name a page let somebody in, empty for what one reads as a member of a
    file. `chemin` is the page's address without what was searched; `objet`, the name of the file, or what changed.
    """

    instant = models.DateTimeField("instant", db_default=HorlogeBase())
    nature = models.CharField("nature", max_length=20, choices=NatureAcces.choices)
    personne_id_copie = models.BigIntegerField("compte", null=True)
    personne = models.CharField("personne", max_length=254, blank=True)
    roles = models.CharField("rôles", max_length=200, blank=True)
    chemin = models.CharField("page", max_length=300, blank=True)
    objet = models.CharField("objet", max_length=300, blank=True)
    adresse = models.GenericIPAddressField("adresse du visiteur", null=True)
    navigateur = models.CharField("navigateur", max_length=200, blank=True)

    objects = AccesQuerySet.as_manager()

    class Meta:
        verbose_name = "accès"
        verbose_name_plural = "accès"
        ordering = ["-pk"]
        indexes = [
            models.Index(fields=["instant"], name="acces_par_instant"),
            models.Index(fields=["personne_id_copie", "-id"], name="acces_par_personne"),
        ]
        triggers = [
            pgtrigger.Protect(name="acces_ne_change_pas", operation=pgtrigger.Update),
            pgtrigger.Protect(
                name="acces_garde_son_temps",
                operation=pgtrigger.Delete,
                condition=pgtrigger.Condition(
                    f"OLD.instant > clock_timestamp() - interval '{CONSERVATION.days} days'"
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{NatureAcces(self.nature).label} – {self.personne}"
