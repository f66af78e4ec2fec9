"""Loading of what earlier vintages said of each EPCI, and of what became of those that are gone."""

from collections import defaultdict
from datetime import date
from itertools import pairwise
from typing import Any

from django.db import connection, models

from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.texte.typographie import date_fr
from territoires.millesimes.suites import devenir, suite_des_membres
from territoires.models import Commune, Departement, Epci, MillesimeDEpci, Region, Succession, Territoire
from territoires.referentiel import Histoire

PASSE = (
    "Le millésime {annee} est passé, et ce que ce fichier en dit n’est plus ce qui a été chargé ({nom})\u00a0: rien "
    "ne change. Les chiffres du passé se lisent avec lui."
)
COLONNES = ("epci_id", "millesime", "nom", "nature", "population", "du", "au")


def premier_jour(annee: int) -> date:
    """A vintage is that of the 1 January of its year."""
    return date(annee, 1, 1)


def charger_l_histoire(contenu: dict[str, Any], histoire: Histoire) -> None:
    """Once the EPCI of the vintage are there, makes periods, successions and ends those that the vintages tell.

    What earlier loadings knew of other years stays. A second loading writes nothing.
    """
    millesime: int = contenu["millesime"]
    _inscrire_les_disparues(histoire)
    epcis = dict(Epci.objects.filter(fictif=False).values_list("siren", "pk"))
    lignes = {**histoire.epcis, millesime: [tuple(ligne[:4]) for ligne in contenu["epcis"]]}
    _dater(lignes, epcis)
    _succeder(histoire, epcis)
    _finir({ligne[0] for ligne in contenu["epcis"]})
    _quitter(histoire, epcis)


def _inscrire_les_disparues(histoire: Histoire) -> None:
    if not histoire.disparus:
        return
    regions = dict(Region.objects.values_list("code", "pk"))
    departements = dict(Departement.objects.values_list("code", "pk"))
    Epci.objects.bulk_create(
        (
            Epci(
                siren=disparue.siren,
                nom=disparue.nom,
                nature=disparue.nature,
                population=disparue.population,
                millesime=disparue.annee - 1,
                region_id=regions[disparue.region],
            )
            for disparue in histoire.disparus
        ),
        ignore_conflicts=True,
    )
    epcis = Epci.objects.in_bulk([disparue.siren for disparue in histoire.disparus], field_name="siren")
    for disparue in histoire.disparus:
        epcis[disparue.siren].regions.set([regions[code] for code in disparue.regions])
        epcis[disparue.siren].departements.set([departements[code] for code in disparue.departements])


def _dater(lignes: dict[int, list[tuple[Any, ...]]], epcis: dict[str, int]) -> None:
    """Each vintage is true until the next one, whichever EPCI that one still knows."""
    presentes = {ligne[1:]: ligne[0] for ligne in MillesimeDEpci.objects.values_list("pk", *COLONNES)}
    annees = sorted({*lignes, *(ligne[1] for ligne in presentes)})
    fins = {annee: premier_jour(suivante) for annee, suivante in pairwise(annees)}
    voulues = {
        (epcis[siren], annee, nom, nature, population, premier_jour(annee), fins.get(annee))
        for annee, du_millesime in lignes.items()
        for siren, nom, nature, population in du_millesime
        if siren in epcis
    } | {(*ligne[:6], fins.get(ligne[1])) for ligne in presentes if ligne[1] not in lignes}
    otees = presentes.keys() - voulues
    if passees := sorted(ligne[1:3] for ligne in otees if ligne[6] is not None):
        annee, nom = passees[0]
        raise RegleEnfreinte(PASSE.format(annee=annee, nom=nom))
    MillesimeDEpci.objects.filter(pk__in=[presentes[ligne] for ligne in otees]).delete()
    copier = f"COPY {MillesimeDEpci._meta.db_table} ({', '.join(COLONNES)}) FROM STDIN"
    with connection.cursor() as curseur, curseur.copy(copier) as copie:
        for ligne in sorted(voulues - presentes.keys(), key=lambda ligne: ligne[:2]):
            copie.write_row(ligne)


def _succeder(histoire: Histoire, epcis: dict[str, int]) -> None:
    Succession.objects.bulk_create(
        (
            Succession(ancienne_id=epcis[ancien], nouvelle_id=epcis[nouveau], le=premier_jour(annee), part=part)
            for annee, ancien, nouveau, part in histoire.passages
            if ancien in epcis and nouveau in epcis
        ),
        update_conflicts=True,
        unique_fields=["ancienne", "nouvelle"],
        update_fields=["le", "part"],
    )


def _finir(vivants: set[str]) -> None:
    """Since when each EPCI exists, until when, and what it became. One entered by hand needs no vintage to go on."""
    connus = MillesimeDEpci.objects.values("epci").annotate(premier=models.Min("du"), dernier=models.Max("millesime"))
    bornes = {ligne["epci"]: ligne for ligne in connus}
    annees = sorted(MillesimeDEpci.objects.order_by().values_list("millesime", flat=True).distinct())
    reels = list(Epci.objects.filter(fictif=False))
    noms = {epci.siren: epci.nom for epci in reels}
    suites: dict[str, list[tuple[str, int]]] = defaultdict(list)
    for ancienne, nouvelle, part in Succession.objects.values_list("ancienne__siren", "nouvelle__siren", "part"):
        if ancienne not in vivants:
            suites[ancienne].append((nouvelle, part))
    changees = []
    for epci in reels:
        avant = (epci.du, epci.au, epci.devenir, epci.saisie)
        borne = bornes.get(epci.pk)
        if borne and borne["premier"] > premier_jour(annees[0]):
            epci.du = borne["premier"]
        if epci.siren in vivants:
            epci.au, epci.devenir, epci.saisie = None, "", ""
        elif not epci.saisie and (fin := _fin(annees, borne["dernier"] if borne else epci.millesime)):
            epci.au, epci.devenir = fin, devenir(epci.siren, noms, suites)
        if (epci.du, epci.au, epci.devenir, epci.saisie) != avant:
            changees.append(epci)
    Epci.objects.bulk_update(changees, ["du", "au", "devenir", "saisie"])
    redire_les_territoires()


def _fin(annees: list[int], dernier: int) -> date | None:
    return next((premier_jour(annee) for annee in annees if annee > dernier), None)


def redire_les_territoires() -> None:
    """What each territory says of its members that are gone."""
    touches = Territoire.objects.filter(models.Q(epcis__au__isnull=False) | ~models.Q(suite="")).distinct()
    changes = []
    for territoire in touches.prefetch_related("epcis"):
        suite = suite_des_membres(territoire.epcis.all())
        if suite != territoire.suite:
            territoire.suite = suite
            changes.append(territoire)
    Territoire.objects.bulk_update(changes, ["suite"])


def _quitter(histoire: Histoire, epcis: dict[str, int]) -> None:
    """Of communes that have moved, since when they are where they are, and what they left."""
    noms = dict(Epci.objects.values_list("siren", "nom"))
    dites = {
        code: f"depuis le {date_fr(premier_jour(annee))} (avant\u00a0: {noms[ancien]})"
        for annee, code, ancien, _ in sorted(histoire.mouvements)
        if ancien in epcis
    }
    changees = []
    for commune in Commune.objects.filter(ancienne=False, code__in=dites):
        if commune.depuis != dites[commune.code]:
            commune.depuis = dites[commune.code]
            changees.append(commune)
    Commune.objects.bulk_update(changees, ["depuis"])
