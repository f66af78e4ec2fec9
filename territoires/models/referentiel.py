"""Régions, départements and EPCI, as loaded from the official vintage by `charger_referentiel`."""

from typing import ClassVar, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import TrigramStrictWordSimilarity
from django.db import models
from django.db.models import Case, F, Func, OuterRef, Q, When

from rebond.socle.typographie import compte, siren_fr
from territoires.etats import Nature
from territoires.models.contraintes import siren_correct
from territoires.regles import PREFIXE_FICTIF, normaliser, siren_compact


class Region(models.Model):
    """A région, by its INSEE code."""

    code = models.CharField(max_length=3, unique=True)
    nom = models.CharField(max_length=60)

    class Meta:
        verbose_name = "région"
        ordering = ["code"]

    def __str__(self) -> str:
        return self.nom


class Departement(models.Model):
    """A département, by its INSEE code."""

    code = models.CharField(max_length=3, unique=True)
    nom = models.CharField(max_length=60)
    region = models.ForeignKey(Region, models.PROTECT, related_name="departements", verbose_name="région")

    class Meta:
        verbose_name = "département"
        ordering = ["code"]

    def __str__(self) -> str:
        return f"{self.nom} ({self.code})"


class EpciQuerySet(models.QuerySet["Epci"]):
    def avec_codes_departements(self) -> Self:
        """Adds `codes_departements`, sorted, in the same query."""
        codes = Departement.objects.filter(epcis=OuterRef("pk")).order_by("code").values("code")
        return self.annotate(codes_departements=ArraySubquery(codes))

    def recherche(self, saisie: str) -> Self:
        """By SIREN, whole or beginning, or by words of the name in any case, with or without accents, one typing
        mistake forgiven. Best first: exact SIREN, beginning of the name, all words found, alike. One query.
        """
        siren = siren_compact(saisie)
        if siren.isascii() and siren.isdigit():
            trouves = self.filter(siren__startswith=siren).order_by("siren")
        elif not (texte := normaliser(saisie).strip()):
            return self.none()
        else:
            tous_les_mots = Q()
            for mot in texte.split():
                tous_les_mots &= Q(recherche__contains=mot)
            rang = Case(
                When(recherche__startswith=texte, then=0),
                When(recherche__contains=f" {texte}", then=1),
                When(tous_les_mots, then=2),
                default=3,
                output_field=models.SmallIntegerField(),
            )
            trouves = (
                self.filter(tous_les_mots | Q(recherche__trigram_strict_word_similar=texte))
                .annotate(rang=rang, ressemblance=TrigramStrictWordSimilarity(texte, "recherche"))
                .order_by("rang", "-ressemblance", "-population", "siren")
            )
        return trouves.avec_codes_departements()


class Epci(models.Model):
    """An intercommunalité, by its SIREN.

    A SIREN names one legal person for ever: when EPCI merge or change their nature, the new one gets a new number. So
    one row per SIREN is enough, and `millesime` is the last vintage of the reference that knew it: an EPCI that
    has since disappeared keeps its row and its last vintage, and files of its time still speak of it.
    `population` is the total legal population of that vintage. `region` is where most of its inhabitants live; an
    EPCI may span several départements and even two régions.
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
    recherche = models.GeneratedField(
        expression=Func(F("nom"), function="normaliser", output_field=models.TextField()),
        output_field=models.TextField(),
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
        ]
        indexes = [GinIndex(fields=["recherche"], opclasses=["gin_trgm_ops"], name="epci_recherche")]

    def __str__(self) -> str:
        return self.nom

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
