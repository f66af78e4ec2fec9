"""Loading of the reference data into the database, as often as wished."""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from territoires import referentiel
from territoires.models import Departement, Epci, Region


@dataclass(frozen=True)
class Bilan:
    """How many rows the vintage has, and how many EPCI of an earlier one it no longer knows (they are kept)."""

    millesime: int
    regions: int
    departements: int
    epcis: int
    disparus: int


@transaction.atomic
def charger_referentiel(tables: dict[str, Any] | None = None) -> Bilan:
    """Creates or updates régions, départements and EPCI; removes nothing. `tables` replaces the vintage on file."""
    contenu = referentiel.tables() if tables is None else tables
    Region.objects.bulk_create(
        (Region(code=code, nom=nom) for code, nom in contenu["regions"]),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["nom"],
    )
    regions = dict(Region.objects.values_list("code", "pk"))
    Departement.objects.bulk_create(
        (Departement(code=code, nom=nom, region_id=regions[region]) for code, nom, region in contenu["departements"]),
        update_conflicts=True,
        unique_fields=["code"],
        update_fields=["nom", "region"],
    )
    departements = dict(Departement.objects.values_list("code", "pk"))
    Epci.objects.bulk_create(
        (
            Epci(
                siren=siren,
                nom=nom,
                nature=nature,
                population=population,
                millesime=contenu["millesime"],
                region_id=regions[region],
            )
            for siren, nom, nature, population, region, _, _ in contenu["epcis"]
        ),
        update_conflicts=True,
        unique_fields=["siren"],
        update_fields=["nom", "nature", "population", "millesime", "region"],
    )
    epcis = dict(Epci.objects.values_list("siren", "pk"))
    _lier(
        Epci.regions.through,
        "region_id",
        {epcis[ligne[0]]: {regions[code] for code in ligne[5]} for ligne in contenu["epcis"]},
    )
    _lier(
        Epci.departements.through,
        "departement_id",
        {epcis[ligne[0]]: {departements[code] for code in ligne[6]} for ligne in contenu["epcis"]},
    )
    return Bilan(
        millesime=contenu["millesime"],
        regions=len(contenu["regions"]),
        departements=len(contenu["departements"]),
        epcis=len(contenu["epcis"]),
        disparus=Epci.objects.filter(fictif=False, millesime__lt=contenu["millesime"]).count(),
    )


def _lier(liaison: Any, colonne: str, voulues: dict[int, set[int]]) -> None:
    """Makes the links of these EPCI exactly the wanted ones."""
    presentes = {
        (epci, lieu): pk
        for pk, epci, lieu in liaison.objects.filter(epci__in=voulues).values_list("pk", "epci_id", colonne)
    }
    attendues = {(epci, lieu) for epci, lieux in voulues.items() for lieu in lieux}
    liaison.objects.filter(pk__in=[pk for lien, pk in presentes.items() if lien not in attendues]).delete()
    liaison.objects.bulk_create(
        liaison(epci_id=epci, **{colonne: lieu}) for epci, lieu in sorted(attendues - presentes.keys())
    )
