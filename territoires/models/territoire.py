"""The grouping of EPCI that a file speaks of."""

from datetime import date
from functools import cached_property
from typing import Any, ClassVar, Self

import pgtrigger
from django.conf import settings
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models import OuterRef, Q, Subquery

from rebond.socle.parution.models import fait_paraitre
from rebond.socle.texte.noms import alphabetique, nom_nu
from territoires.models.contraintes import siren_correct
from territoires.models.millesimes import ordre_au_jour
from territoires.models.referentiel import Departement, Epci, Region
from territoires.regles import Perimetre


class Petr(models.Model):
    """A grouping of EPCI with a SIREN of its own (« pôle d’équilibre territorial et rural », CGCT art. L5741-1).

    No registry at hand gives their members: whoever files a candidature declares them. What someone declared
    (`declare_par`) is theirs and that of their files alone: nobody else finds it, nor learns that it is there. Without
    it the PETR is one that everybody knows.
    """

    siren = models.CharField("numéro SIREN", max_length=9)
    nom = models.CharField(max_length=160)
    epcis = models.ManyToManyField(Epci, related_name="petrs", verbose_name="intercommunalités membres")
    declare_par = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+", verbose_name="déclaré par"
    )

    class Meta:
        verbose_name = "pôle d’équilibre territorial et rural"
        verbose_name_plural = "pôles d’équilibre territorial et rural"
        ordering = [alphabetique("nom"), "siren", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["siren", "declare_par"], name="petr_siren_par_declarant", nulls_distinct=False
            ),
            siren_correct("petr_siren_valide"),
            models.CheckConstraint(
                condition=~Q(nom=""), name="petr_nomme", violation_error_message="Donnez le nom du PETR."
            ),
        ]

    def __str__(self) -> str:
        return self.nom


def touches_en_region(region: Region) -> "models.QuerySet[Any, Any]":
    """The keys of the territories that have a member in `region`."""
    return Territoire.epcis.through.objects.filter(epci__regions=region).order_by().values("territoire")


class TerritoireQuerySet(models.QuerySet["Territoire"]):
    def pour_liste(self) -> Self:
        """With members, régions and départements: a list costs four queries whatever its length."""
        return self.select_related("chef_de_file", "region_pilote").prefetch_related(
            "epcis", "epcis__regions", "epcis__departements"
        )

    def pour_carte(self, jour: date) -> Self:
        """What a map draws of each, in one query: `sirens_reels`, its members that are not invented, in the order of
        their names on `jour`, and `premier_departement`, by code (None: it has none)."""
        membres = Epci.objects.filter(territoires=OuterRef("pk"), fictif=False).order_by(*ordre_au_jour(jour))
        departements = Departement.objects.filter(epcis__territoires=OuterRef("pk")).order_by("code")
        return self.select_related("region_pilote").annotate(
            sirens_reels=ArraySubquery(membres.values("siren")),
            premier_departement=Subquery(departements.values("code")[:1]),
        )

    def dans(self, perimetre: Perimetre) -> Self:
        """Territories that a périmètre reaches: one member in its régions or départements suffices, or themselves."""
        if perimetre.national:
            return self
        membres = Epci.objects.filter(
            Q(regions__in=perimetre.regions) | Q(departements__in=perimetre.departements)
        ).values("pk")
        touches = Territoire.epcis.through.objects.filter(epci__in=membres).values("territoire")
        return self.filter(Q(pk__in=perimetre.territoires) | Q(pk__in=touches))

    def en_region(self, region: Region) -> Self:
        """One member there suffices: a grouping on two régions is found in both."""
        return self.filter(pk__in=touches_en_region(region))


class Territoire(models.Model):
    """One or more EPCI that act together, led by one of them.

    `cle`, its sorted SIREN joined by « - », is what two files on the same grouping share. What a file names by itself
    (`prive`) has a row of its own: neither the name nor the lead that one person chooses shows to another, and
    nobody learns that the same grouping is written about elsewhere. Among the others `cle` is unique
    (`territoires.actions.territoire_pour`); a label makes its territory one of them (`rendre_public`).
    `region_pilote` is the one that counts when laureates are counted by région; `regions` are all those where it
    lies. `demonstration`: the grouping itself is invented. `suite` says what became of those of its members that are
    gone (`territoires.millesimes.suites`), wherever the territory is named today; what is frozen keeps the words of
    its day.
    """

    nom = models.CharField(max_length=160)
    epcis = models.ManyToManyField(Epci, related_name="territoires", verbose_name="intercommunalités")
    chef_de_file = models.ForeignKey(Epci, models.PROTECT, related_name="territoires_menes")
    region_pilote = models.ForeignKey(
        Region, models.PROTECT, related_name="territoires_pilotes", verbose_name="région pilote"
    )
    cle = models.CharField("clé", max_length=1000, db_index=True)
    prive = models.BooleanField("nommé par un seul dossier", default=False)
    pilote_france_relance = models.BooleanField("territoire pilote France Relance", default=False)
    demonstration = models.BooleanField("données de démonstration", default=False)
    suite = models.CharField("ce que ses membres sont devenus", max_length=3000, blank=True, db_default="")
    # Read by `pour_carte`.
    sirens_reels: list[str]
    premier_departement: str | None

    objects: ClassVar[TerritoireQuerySet] = TerritoireQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "territoire"
        ordering = [alphabetique("nom"), "pk"]
        # Rarely written: a search never has a list of pending entries to go through besides.
        indexes = [
            GinIndex(
                OpClass(alphabetique("nom"), name="gin_trgm_ops"), name="territoire_par_lettres", fastupdate=False
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["cle"], name="territoire_cle_unique", condition=Q(prive=False)),
            models.CheckConstraint(
                condition=Q(cle__regex=r"^[0-9]{9}(-[0-9]{9})*$"),
                name="territoire_cle_bien_formee",
                violation_error_message="Un territoire réunit au moins une intercommunalité.",
            ),
            models.CheckConstraint(
                condition=Q(prive=False) | ~Q(nom__iregex=r"://|www\.|[\n\r]"),
                name="territoire_nom_sans_lien",
                violation_error_message="Le nom d’un territoire ne contient pas d’adresse de site.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="territoire_nomme",
                violation_error_message="Donnez un nom au territoire.",
            ),
        ]
        # What one file alone names is nobody else's. Members change with the key.
        triggers = [
            fait_paraitre(pgtrigger.Update, condition=pgtrigger.Q(old__prive=False) | pgtrigger.Q(new__prive=False)),
            fait_paraitre(
                pgtrigger.Insert, condition=pgtrigger.Q(new__pilote_france_relance=True), nom="pilote_parait"
            ),
            fait_paraitre(
                pgtrigger.Delete, condition=pgtrigger.Q(old__pilote_france_relance=True), nom="pilote_disparait"
            ),
        ]

    def __str__(self) -> str:
        return self.nom

    @property
    def nom_suivi(self) -> str:
        """Its name, and what became of its members that are gone: for one cell of a list."""
        return f"{self.nom} ({self.suite})" if self.suite else self.nom

    @property
    def sirens(self) -> list[str]:
        """Members' SIREN, sorted; no query."""
        return self.cle.split("-")

    @cached_property
    def regions(self) -> list[Region]:
        """All régions of its members, by name. Free after `pour_liste`."""
        toutes = {region for epci in self.epcis.all() for region in epci.regions.all()}
        return sorted(toutes, key=lambda region: nom_nu(region.nom))

    @cached_property
    def departements(self) -> list[Departement]:
        """All départements of its members, by code. Free after `pour_liste`."""
        return sorted({d for epci in self.epcis.all() for d in epci.departements.all()}, key=lambda d: d.code)

    @cached_property
    def population(self) -> int:
        """Inhabitants of its members together. Free after `pour_liste`."""
        return sum(epci.population for epci in self.epcis.all())
