"""Régions, départements and EPCI, as loaded from the official vintage by `charger_referentiel`."""

from datetime import date
from typing import ClassVar, Self

import pgtrigger
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models
from django.db.models import F, Func, OuterRef, Q, TextField

from rebond.socle.parution.models import fait_paraitre
from rebond.socle.texte.noms import alphabetique
from rebond.socle.texte.typographie import compte, date_fr, siren_fr
from territoires.etats import Nature
from territoires.models.contraintes import siren_correct
from territoires.regles import PREFIXE_FICTIF


def cle_du_nom() -> models.GeneratedField:
    """`cle_de_nom` of the name, compared by code points: what tells it apart from others."""
    return models.GeneratedField(
        expression=Func(F("nom"), function="cle_de_nom", output_field=TextField()),
        output_field=TextField(db_collation="C"),
        db_persist=True,
    )


class Region(models.Model):
    """A région, by its INSEE code."""

    code = models.CharField(max_length=3, unique=True)
    nom = models.CharField(max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = [alphabetique("nom")]
        # Its name alone is on a public page, that of contacts, before any territory is there.
        triggers = [fait_paraitre(pgtrigger.Insert | pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """A département, by its INSEE code."""

    code = models.CharField(max_length=3, unique=True)
    nom = models.CharField(max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name="région")
    cle = cle_du_nom()

    class Meta:
        verbose_name = "département"
        ordering = ["code"]
        triggers = [fait_paraitre(pgtrigger.Update)]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class EpciQuerySet(models.QuerySet["Epci"]):
    def vivantes(self, jour: date) -> Self:
        """Those that exist on `jour`: what a search offers and a form takes."""
        return self.filter(Q(au=None) | Q(au__gt=jour))

    def avec_codes_departements(self) -> Self:
        """Adds `codes_departements`, sorted, in the same query."""
        codes = Departement.objects.filter(epcis=OuterRef("pk")).order_by("code").values("code")
        return self.annotate(codes_departements=ArraySubquery(codes))


class Epci(models.Model):
    """An intercommunalité, by its SIREN.

    A SIREN names one legal person for ever: when EPCI merge or change their nature, the new one gets a new number. So
    one row per SIREN is enough, and `millesime` is the last vintage of the reference that knew it: an EPCI that
    has since disappeared keeps its row and its last vintage, and files of its time still speak of it.
    `population` is the total legal population of that vintage. `region` is where most of its inhabitants live; an
    EPCI may span several départements and even two régions. It exists from `du` (null: before the first vintage that
    is known) until the day before `au` (null: it goes on), and `devenir` then says what became of it. What earlier
    vintages said of it: `MillesimeDEpci`. `saisie`: whoever answered a request entered it by hand, and from what.
    """

    siren = models.CharField("numéro SIREN", max_length=9, unique=True)
    nom = models.CharField(max_length=160)
    nature = models.CharField(max_length=5, choices=Nature)
    population = models.PositiveIntegerField()
    millesime = models.PositiveSmallIntegerField("millésime")
    region = models.ForeignKey(Region, models.PROTECT, related_name="epcis_principaux", verbose_name="région")
    regions = models.ManyToManyField(Region, related_name="epcis", verbose_name="régions")
    departements = models.ManyToManyField(Departement, related_name="epcis", verbose_name="départements")
    fictif = models.BooleanField("inventé pour la démonstration", default=False)
    du = models.DateField("existe depuis", null=True, blank=True)
    au = models.DateField("n’existe plus à partir du", null=True, blank=True)
    devenir = models.CharField("ce qu’elle est devenue", max_length=600, blank=True, db_default="")
    saisie = models.TextField("saisie à la main, d’après", blank=True, db_default="")
    recherche = models.GeneratedField(
        expression=Func(F("nom"), function="nom_nu", output_field=TextField()),
        output_field=TextField(db_collation="C"),
        db_persist=True,
    )
    cle = cle_du_nom()
    mots = models.GeneratedField(
        expression=Func(F("nom"), function="mots_de_nom", output_field=SearchVectorField()),
        output_field=SearchVectorField(),
        db_persist=True,
    )

    objects: ClassVar[EpciQuerySet] = EpciQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "intercommunalité"
        ordering = ["recherche", "siren"]
        constraints = [
            siren_correct("epci_siren_valide"),
            models.CheckConstraint(
                condition=Q(nature__in=Nature.values),
                name="epci_nature_connue",
                violation_error_message="Cette nature juridique n’est pas celle d’une intercommunalité.",
            ),
            models.CheckConstraint(
                condition=Q(millesime__range=(2017, 2100)),
                name="epci_millesime_plausible",
                violation_error_message="Le millésime est une année à partir de 2017.",
            ),
            models.CheckConstraint(
                condition=Q(fictif=Q(siren__startswith=PREFIXE_FICTIF)),
                name="epci_fictif_reconnaissable",
                violation_error_message="Le numéro SIREN d’une intercommunalité inventée, et d’elle seule, "
                f"commence par {PREFIXE_FICTIF}.",
            ),
            models.CheckConstraint(
                condition=Q(au=None) | Q(du=None) | Q(au__gt=F("du")), name="epci_periode_ordonnee"
            ),
            models.CheckConstraint(
                condition=Q(au=None, devenir="") | (Q(au__isnull=False) & ~Q(devenir="")), name="epci_devenir_dit"
            ),
        ]
        indexes = [
            models.Index(fields=["recherche"], name="epci_recherche"),
            models.Index(fields=["cle"], name="epci_cle"),
            # Searched at every key, and all but never written.
            GinIndex(fields=["mots"], fastupdate=False, name="epci_mots"),
        ]
        triggers = [fait_paraitre(pgtrigger.Update)]

    def __str__(self) -> str:
        return self.nom

    def suite(self, jour: date) -> str:
        """« au 1er janvier 2026, devenue CA du Grand Cambrésis » once that is so; empty as long as it exists."""
        return f"au {date_fr(self.au)}, {self.devenir}" if self.au and self.au <= jour else ""

    @property
    def nom_suivi(self) -> str:
        """Its name, and what became of it when it is gone: vintages are loaded once their year has begun."""
        return f"{self.nom} ({self.suite(self.au)})" if self.au else self.nom

    @property
    def codes_des_departements(self) -> list[str]:
        """Sorted. Free after `avec_codes_departements`."""
        annotes: list[str] | None = getattr(self, "codes_departements", None)
        return [departement.code for departement in self.departements.all()] if annotes is None else annotes

    @property
    def libelle_long(self) -> str:
        """« CA de Cambrai (59) – 82 019 habitants – SIREN 200 068 500 ». Free after `avec_codes_departements`."""
        habitants = compte(self.population, "habitant")
        return (
            f"{self.nom} ({', '.join(self.codes_des_departements)}) – {habitants} – SIREN\u00a0{siren_fr(self.siren)}"
        )


class Commune(models.Model):
    """A commune of the last vintage, or one that has become part of another (`ancienne`): a way to find its EPCI.

    `epci` is empty for the four islands that belong to none; `ept` is filled within Grand Paris; `depuis` is empty
    but for those that have changed. Nothing points here: a new vintage replaces all of them.
    """

    code = models.CharField("code INSEE", max_length=5)
    nom = models.CharField(max_length=60)
    ancienne = models.BooleanField("commune déléguée ou associée", default=False)
    siren = models.CharField("numéro SIREN", max_length=9, blank=True)
    codes_postaux = ArrayField(models.CharField(max_length=5), verbose_name="codes postaux")
    population = models.PositiveIntegerField()
    departement = models.ForeignKey(Departement, models.PROTECT, related_name="communes", verbose_name="département")
    epci = models.ForeignKey(Epci, models.CASCADE, null=True, related_name="communes", verbose_name="intercommunalité")
    ept = models.ForeignKey(
        Epci, models.CASCADE, null=True, related_name="communes_d_ept", verbose_name="établissement public territorial"
    )
    depuis = models.CharField("depuis quand, et ce qu’elle a quitté", max_length=300, blank=True, db_default="")
    cle = cle_du_nom()

    class Meta:
        verbose_name = "commune"
        ordering = [alphabetique("nom"), "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["code", "ancienne"],
                name="commune_unique",
                violation_error_message="Cette commune existe déjà.",
            ),
        ]
        indexes = [
            models.Index(fields=["cle"], name="commune_cle"),
            GinIndex(fields=["codes_postaux"], fastupdate=False, name="commune_codes_postaux"),
            models.Index(fields=["siren"], name="commune_siren"),
            GinIndex(fields=["cle"], opclasses=["gin_trgm_ops"], name="commune_ressemblance"),
        ]

    def __str__(self) -> str:
        return self.nom
