"""The grouping of EPCI that a file speaks of."""

from functools import cached_property
from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from rebond.socle.texte.noms import alphabetique, nom_nu
from territoires.models.contraintes import siren_correct
from territoires.models.referentiel import Departement, Epci, Region
from territoires.regles import Perimetre


class Petr(models.Model):
    """A grouping of EPCI with a SIREN of its own (« pôle d’équilibre territorial et rural », CGCT art. L5741-1).

    No registry at hand gives their members: whoever files a candidature declares them, once a PETR.
    """

    siren = models.CharField("numéro SIREN", max_length=9, unique=True)
    nom = models.CharField(max_length=160)
    epcis = models.ManyToManyField(Epci, related_name="petrs", verbose_name="intercommunalités membres")

    class Meta:
        verbose_name = "pôle d’équilibre territorial et rural"
        verbose_name_plural = "pôles d’équilibre territorial et rural"
        ordering = [alphabetique("nom"), "siren"]
        constraints = [
            siren_correct("petr_siren_valide"),
            models.CheckConstraint(
                condition=~Q(nom=""), name="petr_nomme", violation_error_message="Donnez le nom du PETR."
            ),
        ]

    def __str__(self) -> str:
        return self.nom


class TerritoireQuerySet(models.QuerySet["Territoire"]):
    def pour_liste(self) -> Self:
        """With members, régions and départements: a list costs four queries whatever its length."""
        return self.select_related("chef_de_file", "region_pilote").prefetch_related(
            "epcis", "epcis__regions", "epcis__departements"
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
        touches = Territoire.epcis.through.objects.filter(epci__regions=region).values("territoire")
        return self.filter(pk__in=touches)


class Territoire(models.Model):
    """One or more EPCI that act together, led by one of them.

    Two files on the same grouping speak of the same territory: `cle`, its sorted SIREN joined by « - », is unique
    (invariant of `territoires.actions.territoire_pour`, the only writer). `region_pilote` is the one that counts
    when laureates are counted by région; `regions` are all those where it lies. `demonstration`: the grouping itself
    is invented.
    """

    nom = models.CharField(max_length=160)
    epcis = models.ManyToManyField(Epci, related_name="territoires", verbose_name="intercommunalités")
    chef_de_file = models.ForeignKey(Epci, models.PROTECT, related_name="territoires_menes")
    region_pilote = models.ForeignKey(
        Region, models.PROTECT, related_name="territoires_pilotes", verbose_name="région pilote"
    )
    cle = models.CharField("clé", max_length=1000, unique=True)
    pilote_france_relance = models.BooleanField("territoire pilote France Relance", default=False)
    demonstration = models.BooleanField("données de démonstration", default=False)

    objects: ClassVar[TerritoireQuerySet] = TerritoireQuerySet.as_manager()  # type: ignore[assignment]

    class Meta:
        verbose_name = "territoire"
        ordering = [alphabetique("nom"), "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(cle__regex=r"^[0-9]{9}(-[0-9]{9})*$"),
                name="territoire_cle_bien_formee",
                violation_error_message="Un territoire réunit au moins une intercommunalité.",
            ),
            models.CheckConstraint(
                condition=~Q(nom=""),
                name="territoire_nomme",
                violation_error_message="Donnez un nom au territoire.",
            ),
        ]

    def __str__(self) -> str:
        return self.nom

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
