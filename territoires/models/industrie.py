"""The perimeter of « Territoires d’industrie », as imported from the official list."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import RangeBoundary, RangeOperators
from django.db import models
from django.db.models import F, Q

from rebond.socle.bdd.expressions import Validite
from rebond.socle.parution.models import fait_paraitre
from rebond.socle.texte.noms import alphabetique
from territoires.etats import NatureMembre, Programme
from territoires.models.contraintes import siren_correct
from territoires.models.referentiel import Epci


class ProgrammeIndustrieQuerySet(models.QuerySet["ProgrammeIndustrie"]):
    def en_vigueur(self, au: date) -> Self:
        """The one that was in force that day, if any is known."""
        return self.filter(debut__lte=au, fin__gte=au)


class ProgrammeIndustrie(models.Model):
    """From when to when a programme whose list was imported is in force, both days included.

    A map « au » a date shows the perimeters of that date, never those of the programme that came after.
    """

    programme = models.CharField(max_length=9, choices=Programme, unique=True)
    debut = models.DateField("en vigueur du")
    fin = models.DateField("au")

    objects: ClassVar[ProgrammeIndustrieQuerySet] = ProgrammeIndustrieQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "programme Territoires d’industrie"
        verbose_name_plural = "programmes Territoires d’industrie"
        ordering = ["debut"]
        constraints = [
            models.CheckConstraint(
                condition=Q(programme__in=Programme.values),
                name="programme_industrie_connu",
                violation_error_message="Ce programme n’est pas connu.",
            ),
            models.CheckConstraint(
                condition=Q(debut__lte=F("fin")),
                name="programme_industrie_dates_ordonnees",
                violation_error_message="Un programme ne peut pas finir avant d’avoir commencé.",
            ),
            ExclusionConstraint(
                name="programme_industrie_sans_chevauchement",
                expressions=[
                    (
                        Validite("debut", "fin", RangeBoundary(inclusive_lower=True, inclusive_upper=True)),
                        RangeOperators.OVERLAPS,
                    )
                ],
                violation_error_message="Un autre programme est en vigueur à ces dates : un seul l’est à la fois.",
            ),
        ]
        triggers = [fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.get_programme_display()


class TerritoireIndustrieQuerySet(models.QuerySet["TerritoireIndustrie"]):
    def du_programme(self, programme: Programme) -> Self:
        return self.filter(programme=programme)


class TerritoireIndustrie(models.Model):
    """One Territoire d’industrie of one programme.

    `id_ti` alone names nothing: the same `ti-1104` is another territory in the next programme. Never join on it across
    programmes.
    """

    programme = models.CharField(max_length=9, choices=Programme)
    id_ti = models.CharField("identifiant", max_length=20)
    nom = models.CharField(max_length=200)

    objects: ClassVar[TerritoireIndustrieQuerySet] = TerritoireIndustrieQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "territoire d’industrie"
        verbose_name_plural = "territoires d’industrie"
        ordering = ["programme", "id_ti"]
        constraints = [
            models.UniqueConstraint(
                fields=["programme", "id_ti"],
                name="territoire_industrie_unique",
                violation_error_message="Ce territoire d’industrie existe déjà dans ce programme.",
            ),
            models.CheckConstraint(
                condition=Q(programme__in=Programme.values),
                name="territoire_industrie_programme_connu",
                violation_error_message="Ce programme n’est pas connu.",
            ),
        ]
        triggers = [fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return f"{self.nom} ({self.programme})"


class MembreTerritoireIndustrie(models.Model):
    """A member as the official list names it.

    `epci` is the EPCI itself, or the one that contains the commune; empty when the reference does not know it (the
    list and the reference are of different years): the label is kept all the same.
    """

    territoire_industrie = models.ForeignKey(TerritoireIndustrie, models.CASCADE, related_name="membres")
    epci = models.ForeignKey(
        Epci,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="appartenances_industrie",
        verbose_name="intercommunalité",
    )
    nature = models.CharField(max_length=4, choices=NatureMembre)
    siren = models.CharField("numéro SIREN", max_length=9, blank=True)
    code_commune = models.CharField("code INSEE de la commune", max_length=5, blank=True)
    libelle = models.CharField("libellé", max_length=200)

    class Meta:
        verbose_name = "membre d’un territoire d’industrie"
        verbose_name_plural = "membres d’un territoire d’industrie"
        ordering = ["territoire_industrie", alphabetique("libelle"), "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["territoire_industrie", "siren", "code_commune"],
                name="membre_industrie_unique",
                violation_error_message="Ce membre figure déjà dans ce territoire d’industrie.",
            ),
            models.CheckConstraint(
                condition=~Q(siren="", code_commune=""),
                name="membre_industrie_identifie",
                violation_error_message="Un membre est désigné par son numéro SIREN ou par son code INSEE.",
            ),
            siren_correct("membre_industrie_siren_valide", vide_permis=True),
        ]
        triggers = [fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.libelle
