"""Loading of the reference data into the database, as often as wished."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from lzma import LZMAError
from typing import Any

from django.db import connection, transaction

from rebond.socle.bdd.verrous import attendre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.importation.imports import Ecart, refuser_une_chute
from rebond.socle.importation.tables import abime_par_le_tableur
from territoires import referentiel
from territoires.etats import Nature
from territoires.millesimes.histoire import charger_l_histoire
from territoires.models import Commune, Departement, Epci, Region
from territoires.referentiel import CommuneNommee
from territoires.regles import siren_valide

NATURES = frozenset(Nature.values)
FORME = "Le référentiel n’a pas la forme attendue\u00a0: regions, departements, epcis et millesime."
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
    """How many rows the vintage has, how many EPCI of an earlier one it no longer knows (they are kept), and what it
    changes of the EPCI."""

    millesime: int
    regions: int
    departements: int
    epcis: int
    disparus: int
    communes: int
    ecart: Ecart


class ReferentielFautif(RegleEnfreinte):
    """Rows that cannot be loaded, each with its fault; nothing is."""

    def __init__(self, fautes: list[str]) -> None:
        super().__init__(f"Le référentiel n’est pas chargé\u00a0: {fautes[0]}")
        self.fautes = fautes


@transaction.atomic
def charger_referentiel(
    tables: dict[str, Any] | None = None, *, confirmer: bool = False, a_blanc: bool = False
) -> Bilan:
    """Creates or updates régions, départements and EPCI, and removes none; communes become those of the vintage.

    `tables` replaces the vintage on file; without « communes », these are left alone. With « histoire », what earlier
    vintages said is kept too (`territoires.millesimes.histoire`). An EPCI that this vintage no longer knows has come
    to its end.

    With `a_blanc` all of it is undone. Raises ReferentielFautif, and ChuteRefusee when more than a tenth of the EPCI
    would be left behind without `confirmer`.
    """
    contenu = _lire() if tables is None else tables
    if fautes := list(_fautes(contenu)):
        raise ReferentielFautif(fautes)
    if (charge := _dernier_millesime()) and charge > contenu["millesime"]:
        raise RegleEnfreinte(
            f"Le millésime {contenu['millesime']} précède celui qui est chargé, {charge}\u00a0: rien ne change."
        )
    attendre("referentiel")
    ecart = _ecart(contenu)
    refuser_une_chute([ecart], confirmer=confirmer)
    bilan = _charger(contenu, ecart)
    transaction.set_rollback(a_blanc)
    return bilan


def _lire() -> dict[str, Any]:
    """Raises RegleEnfreinte when the derived file cannot be read."""
    try:
        contenu = referentiel.tables()
    except (OSError, ValueError, LZMAError) as erreur:
        raise RegleEnfreinte(f"Le fichier du référentiel ne peut pas être lu ({erreur}).") from erreur
    if not isinstance(contenu, dict) or not {"regions", "departements", "epcis", "millesime"} <= contenu.keys():
        raise RegleEnfreinte(FORME)
    return contenu | {"communes": referentiel.communes_nommees(), "histoire": referentiel.histoire()}


def _fautes(contenu: dict[str, Any]) -> Iterator[str]:
    """What is wrong in each row, in a sentence."""
    regions = {code for code, _ in contenu["regions"]}
    departements = {code for code, _, _ in contenu["departements"]}
    for code, nom, region in contenu["departements"]:
        if region not in regions:
            yield f"Département {code} ({nom})\u00a0: la région «\u00a0{region}\u00a0» n’est pas dans le fichier."
    vus: set[str] = set()
    for siren, nom, nature, population, region, ses_regions, ses_departements in contenu["epcis"]:
        qui = f"Intercommunalité {siren} ({nom})"
        if not siren_valide(str(siren)):
            yield f"{qui}\u00a0: {abime_par_le_tableur(str(siren)) or 'ce n’est pas un numéro SIREN'}."
        if siren in vus:
            yield f"{qui}\u00a0: elle est deux fois dans le fichier."
        vus.add(siren)
        if nature not in NATURES:
            yield f"{qui}\u00a0: la nature «\u00a0{nature}\u00a0» n’est pas connue."
        if not isinstance(population, int) or population < 0:
            yield f"{qui}\u00a0: la population «\u00a0{population}\u00a0» n’est pas un nombre d’habitants."
        inconnus = sorted(({region, *ses_regions} - regions) | (set(ses_departements) - departements))
        if inconnus:
            yield f"{qui}\u00a0: {', '.join(inconnus)} n’est pas dans le fichier."


def _ecart(contenu: dict[str, Any]) -> Ecart:
    """EPCI alone: an older one that this vintage does not know is kept, and was already missing from the last one."""
    la = {
        epci.siren: (epci.nom, epci.nature, epci.population)
        for epci in Epci.objects.filter(fictif=False, millesime=_dernier_millesime() or 0)
    }
    noms = {siren: (nom, nature, population) for siren, nom, nature, population, *_ in contenu["epcis"]}
    return Ecart(
        "Intercommunalités",
        len(la),
        ajoutes=tuple(f"{siren} {noms[siren][0]}" for siren in sorted(noms.keys() - la.keys())),
        modifies=tuple(
            f"{siren} {', '.join(map(str, la[siren]))} → {', '.join(map(str, noms[siren]))}"
            for siren in sorted(noms.keys() & la.keys())
            if la[siren] != noms[siren]
        ),
        retires=tuple(f"{siren} {la[siren][0]} (gardée)" for siren in sorted(la.keys() - noms.keys())),
    )


def _dernier_millesime() -> int | None:
    millesimes = (
        Epci.objects.filter(fictif=False, saisie="").order_by("-millesime").values_list("millesime", flat=True)
    )
    return millesimes.first()


def _charger(contenu: dict[str, Any], ecart: Ecart) -> Bilan:
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
    _charger_les_epcis(contenu, regions)
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
    charger_l_histoire(contenu, contenu.get("histoire", referentiel.AUCUNE_HISTOIRE))
    return Bilan(
        millesime=contenu["millesime"],
        regions=len(contenu["regions"]),
        departements=len(contenu["departements"]),
        epcis=len(contenu["epcis"]),
        disparus=Epci.objects.filter(fictif=False, au__isnull=False).count(),
        ecart=ecart,
        communes=Commune.objects.filter(ancienne=False).count(),
    )


def _charger_les_epcis(contenu: dict[str, Any], regions: dict[str, int]) -> None:
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
        curseur.execute("SELECT territoires_ranger_la_recherche()")


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
