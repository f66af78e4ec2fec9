"""What each vintage says of an EPCI, from a day on and until another, and what became of those that are gone."""

from datetime import date
from typing import Any

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce

from rebond.socle.bdd.declencheurs import IMMUABLE
from rebond.socle.bdd.expressions import Jours
from rebond.socle.parution.models import fait_paraitre
from rebond.socle.texte.noms import alphabetique
from territoires.etats import Nature
from territoires.models.referentiel import Epci


class MillesimeDEpci(models.Model):
    """What the vintage `millesime` says of an EPCI, true from `du` until the day before `au` (null: still true).

    The last one may be corrected. Once another has come, what it said is kept: figures of the past are read by it.
    """

    epci = models.ForeignKey(Epci, models.CASCADE, related_name="millesimes", verbose_name="intercommunalité")
    millesime = models.PositiveSmallIntegerField("millésime")
    nom = models.CharField(max_length=160)
    nature = models.CharField(max_length=5, choices=Nature)
    population = models.PositiveIntegerField()
    du = models.DateField()
    au = models.DateField(null=True, blank=True)

    class Meta:
        verbose_name = "millésime d’une intercommunalité"
        verbose_name_plural = "millésimes des intercommunalités"
        ordering = ["epci", "du"]
        constraints = [
            models.UniqueConstraint(fields=["epci", "millesime"], name="millesime_unique"),
            models.CheckConstraint(condition=Q(au=None) | Q(au__gt=F("du")), name="millesime_ordonne"),
            models.CheckConstraint(condition=Q(nature__in=Nature.values), name="millesime_nature_connue"),
            ExclusionConstraint(
                name="millesime_sans_chevauchement",
                expressions=[
                    ("epci", RangeOperators.EQUAL),
                    (Jours("du", "au", RangeBoundary()), RangeOperators.OVERLAPS),
                ],
                violation_error_message="Deux millésimes d’une même intercommunalité se chevauchent.",
            ),
        ]
        # Maps put members in the order of their names of a day.
        triggers = [
            fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete),
            pgtrigger.Protect(
                name="millesime_passe_immuable", operation=IMMUABLE, condition=pgtrigger.Q(old__au__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.nom} ({self.millesime})"


class Succession(models.Model):
    """From `le` on, `part` percent of the inhabitants of `ancienne` are those of `nouvelle`.

    `ancienne` is gone, or goes on without those that `nouvelle` took from it: `Epci.au` says which. The rule by which
    it is computed is that of `territoires.construction.millesimes`.
    """

    ancienne = models.ForeignKey(Epci, models.CASCADE, related_name="successions")
    nouvelle = models.ForeignKey(Epci, models.CASCADE, related_name="provenances")
    le = models.DateField()
    part = models.PositiveSmallIntegerField("part des habitants, en pour cent")

    class Meta:
        verbose_name = "succession"
        ordering = ["-part", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["ancienne", "nouvelle"], name="succession_unique"),
            models.CheckConstraint(condition=~Q(ancienne=F("nouvelle")), name="succession_d_une_autre"),
            models.CheckConstraint(condition=Q(part__range=(1, 100)), name="succession_part_en_pour_cent"),
        ]

    def __str__(self) -> str:
        return f"{self.ancienne_id} → {self.nouvelle_id}"


def au_jour(champ: str, jour: date) -> Any:
    """`nom`, `nature` or `population` of the EPCI of a query, as they were on `jour`.

    Before its first vintage it is as in that one; without any it is as today.
    """
    alors = (
        MillesimeDEpci.objects.filter(Q(au=None) | Q(au__gt=Value(jour)), epci=OuterRef("pk"))
        .order_by("du")
        .values(champ)
    )
    return Coalesce(Subquery(alors[:1]), F(champ))


def ordre_au_jour(jour: date) -> list[Any]:
    """The order of `Epci` by the names of `jour`: a new name moves nothing in what was said on that day."""
    return [alphabetique(au_jour("nom", jour)), "siren"]
