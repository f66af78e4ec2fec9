"""What is read of envelopes: what waits for a grant, and both their lists, page by page."""

from collections.abc import Mapping, Sequence
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, IntegerField, OuterRef, Q, QuerySet, Subquery, Window
from django.db.models.functions import Coalesce, RowNumber

from projets.enveloppe.models import Concours, Enveloppe, EnveloppeQuerySet
from projets.enveloppe.regles import empechement_d_accorder
from projets.portefeuille.etats import EtatProjet, Voie
from projets.portefeuille.models import Projet, ProjetQuerySet
from rebond.socle.requete.pages import page_demandee

PAR_PAGE = 50
# What `empechement_d_accorder` says, for Postgres.
ETATS_QUI_ATTENDENT = [
    etat for etat in EtatProjet if not empechement_d_accorder(etat, Voie.ENVELOPPE, annule=False, ici=True)
]


def en_attente() -> ProjetQuerySet:
    """The projects that wait for a grant of the envelope that they were sent to."""
    return Projet.objects.retenus().filter(voie=Voie.ENVELOPPE, enveloppe__isnull=False, etat__in=ETATS_QUI_ATTENDENT)


def attendent(enveloppe: Enveloppe) -> ProjetQuerySet:
    """Those of one envelope, each with its last estimate and its company."""
    return en_attente().filter(enveloppe=enveloppe).select_related("industriel").avec_estimation()


def avec_nombres(enveloppes: EnveloppeQuerySet) -> QuerySet[Any]:
    """Adds `concours_en_tout` and `attente_en_tout`: how many grants each has, how many projects wait for one."""
    return enveloppes.annotate(
        concours_en_tout=_nombre(Concours.objects.filter(enveloppe=OuterRef("pk"))),
        attente_en_tout=_nombre(en_attente().filter(enveloppe=OuterRef("pk"))),
    )


def _nombre(lignes: QuerySet[Any]) -> Coalesce:
    comptees = lignes.order_by().values("enveloppe").annotate(nombre=Count("pk")).values("nombre")
    return Coalesce(Subquery(comptees, output_field=IntegerField()), 0)


def pages_de_concours(
    enveloppes: Sequence[Enveloppe], demandees: Mapping[int, str | None]
) -> dict[int, Page[Concours]]:
    """By envelope (`avec_nombres`), the page that is asked for of its grants, from the first one."""
    concours = Concours.objects.filter(enveloppe__in=enveloppes)
    nombres = {lue.pk: lue.concours_en_tout for lue in enveloppes}  # type: ignore[attr-defined]
    return _pages(concours, concours.select_related("projet__industriel", "liberation"), nombres, demandees)


def pages_d_attente(enveloppes: Sequence[Enveloppe], demandees: Mapping[int, str | None]) -> dict[int, Page[Projet]]:
    """By envelope, the page that is asked for of the projects that wait."""
    projets = en_attente().filter(enveloppe__in=enveloppes)
    nombres = {lue.pk: lue.attente_en_tout for lue in enveloppes}  # type: ignore[attr-defined]
    return _pages(projets, projets.select_related("industriel").avec_estimation(), nombres, demandees)


def _pages(
    cles: QuerySet[Any], lignes: QuerySet[Any], nombres: Mapping[int, int], demandees: Mapping[int, str | None]
) -> dict[int, Page[Any]]:
    """One statement, however many envelopes and rows: the rows of all the pages. `nombres`: how many each has."""
    ordre = cles.model._meta.ordering
    pages: dict[int, Page[Any]] = {}
    montrees: dict[int, list[Any]] = {}
    voulues = Q(pk__in=[])
    for enveloppe, nombre in nombres.items():
        page = page_demandee(range(1, nombre + 1), demandees.get(enveloppe), par_page=PAR_PAGE)
        if montres := page.object_list:
            voulues |= Q(enveloppe=enveloppe, place__gte=montres[0], place__lte=montres[-1])
        page.object_list = montrees[enveloppe] = []
        pages[enveloppe] = page
    place = Window(RowNumber(), partition_by=F("enveloppe"), order_by=list(ordre))
    choisies = cles.order_by().annotate(place=place).filter(voulues).values("pk")
    for ligne in lignes.filter(pk__in=choisies):
        montrees[ligne.enveloppe_id].append(ligne)
    return pages
