"""Loading of the reference data into the database, as often as wished."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection, transaction

from territoires import referentiel
from territoires.models import Commune, Departement, Epci, Region
from territoires.referentiel import CommuneNommee

COLONNES = (
    "code",
    "nom",
    "ancienne",
    "siren",
    "codes_postaux",
    "population",
    "departement_id",
    "epci_id",
    "ept_id",
)
COPIER = f"COPY {Commune._meta.db_table} ({', '.join(COLONNES)}) FROM STDIN"


@dataclass(frozen=True)
class Bilan:
    """How many rows the vintage has, and how many EPCI of an earlier one it no longer knows (they are kept)."""

    millesime: int
    regions: int
    departements: int
    epcis: int
    disparus: int
    communes: int


@transaction.atomic
def charger_referentiel(tables: dict[str, Any] | None = None) -> Bilan:
    """Creates or updates régions, départements and EPCI, and removes none; communes become those of the vintage.

    `tables` replaces the vintage on file; without « communes », these are left alone.
    """
    contenu = referentiel.tables() | {"communes": referentiel.communes_nommees()} if tables is None else tables
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
    if "communes" in contenu:
        _ranger(contenu["communes"], epcis, departements)
    return Bilan(
        millesime=contenu["millesime"],
        regions=len(contenu["regions"]),
        departements=len(contenu["departements"]),
        epcis=len(contenu["epcis"]),
        disparus=Epci.objects.filter(fictif=False, millesime__lt=contenu["millesime"]).count(),
        communes=Commune.objects.filter(ancienne=False).count(),
    )


def _ranger(communes: Iterable[CommuneNommee], epcis: dict[str, int], departements: dict[str, int]) -> None:
    """Makes the communes exactly these, and writes only what differs: a second loading writes nothing."""
    voulues = {
        (
            commune.code,
            commune.nom,
            commune.ancienne,
            commune.siren,
            commune.codes_postaux,
            commune.population,
            departements[commune.departement],
            epcis.get(commune.siren_epci),
            epcis.get(commune.siren_ept),
        )
        for commune in communes
    }
    presentes = {
        (code, nom, ancienne, siren, tuple(postaux), *autres): pk
        for pk, code, nom, ancienne, siren, postaux, *autres in Commune.objects.values_list("pk", *COLONNES)
    }
    Commune.objects.filter(pk__in=[pk for ligne, pk in presentes.items() if ligne not in voulues]).delete()
    with connection.cursor() as curseur, curseur.copy(COPIER) as copie:
        for ligne in sorted(voulues - presentes.keys(), key=lambda ligne: ligne[:3]):
            copie.write_row([[*valeur] if isinstance(valeur, tuple) else valeur for valeur in ligne])
    with connection.cursor() as curseur:
        # The search is asked before autovacuum passes.
        curseur.execute("SELECT gin_clean_pending_list('commune_ressemblance')")
        curseur.execute(f"ANALYZE {Epci._meta.db_table}, {Commune._meta.db_table}")


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
