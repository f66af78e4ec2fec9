"""The closing board: how each closing went, and how the portal does now. A constant number of queries."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import CharField, Count, Func, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from candidatures.cloture.models.incidents import Incident
from candidatures.cloture.models.proces_verbaux import ProcesVerbal
from candidatures.cloture.regles import PREFIXE_DES_COURRIERS
from candidatures.depot.models import Depot
from candidatures.vagues.models.vagues import Vague
from rebond.socle.courriers.models import Courrier, PanneMessagerie
from rebond.socle.vigie import Alarme, Battement
from rebond.surveillance import alarmes
from rebond.surveillance.disponibilite import Bilan, bilan, bilans
from rebond.surveillance.ouvriers import EtatOuvriers, etat_des_ouvriers

PERIODES = (("24 dernières heures", timedelta(hours=24)), ("30 derniers jours", timedelta(days=30)))
DERNIERS_INCIDENTS = 10


@dataclass(frozen=True)
class LigneCloture:
    """`delai` runs from the deadline to the (first) procès-verbal, or to the present while there is none; None while
    the wave is prolonged.
    """

    vague: Vague
    etabli_le: datetime | None
    delai: timedelta | None
    courriers_en_attente: int
    courriers_ecartes: int
    accuses_en_attente: int
    incidents: int


@dataclass(frozen=True)
class EtatDuPortail:
    """What does the work behind the pages, and what it has on its hands, at one instant."""

    ouvriers: EtatOuvriers
    battement: datetime | None
    age_du_battement: timedelta | None
    courriers_en_attente: int
    courriers_ecartes: int
    panne_messagerie: PanneMessagerie | None
    bilans: tuple[tuple[str, Bilan], ...]
    alarmes: tuple[Alarme, ...]
    incidents: tuple[Incident, ...]


def vagues_echues(maintenant: datetime) -> QuerySet[Vague]:
    return Vague.objects.closes(maintenant)


def lignes(vagues: Iterable[Vague], maintenant: datetime) -> list[LigneCloture]:
    """One line a wave of `vagues_echues`."""
    vagues = list(vagues)
    courriers = _courriers_des_clotures(vagues)
    faits = _faits_de(vagues)
    resultat = []
    for vague in vagues:
        etabli_le, incidents, accuses = faits[vague.pk]
        en_attente, ecartes = courriers.get(vague.pk, (0, 0))
        resultat.append(
            LigneCloture(
                vague=vague,
                etabli_le=etabli_le,
                delai=_delai(vague, etabli_le, maintenant),
                courriers_en_attente=en_attente,
                courriers_ecartes=ecartes,
                accuses_en_attente=accuses,
                incidents=incidents,
            )
        )
    return resultat


def etat_du_portail(maintenant: datetime) -> EtatDuPortail:
    courriers = (
        Courrier.objects.venus(maintenant)
        .filter(envoye_le=None)
        .aggregate(
            en_attente=Count("pk", filter=Q(abandonne_le=None, retenu_le=None)),
            ecartes=Count("pk", filter=Q(abandonne_le__isnull=False)),
        )
    )
    battement = Battement.objects.order_by("-instant").first()
    return EtatDuPortail(
        ouvriers=etat_des_ouvriers(),
        battement=battement.instant if battement else None,
        age_du_battement=maintenant - battement.instant if battement else None,
        courriers_en_attente=courriers["en_attente"],
        courriers_ecartes=courriers["ecartes"],
        panne_messagerie=PanneMessagerie.objects.en_cours(),
        bilans=_bilans(maintenant),
        alarmes=tuple(alarmes.en_vigueur()),
        incidents=tuple(Incident.objects.select_related("vague", "auteur")[:DERNIERS_INCIDENTS]),
    )


def _bilans(maintenant: datetime) -> tuple[tuple[str, Bilan], ...]:
    debuts = [maintenant - duree for _, duree in PERIODES]
    return tuple(zip([libelle for libelle, _ in PERIODES], bilans(debuts, maintenant), strict=True))


def interruptions(vague: Vague, maintenant: datetime) -> Bilan | None:
    """What the probe saw during a wave, up to the present; None before it opens."""
    return bilan(vague.ouverture, min(vague.echeance, maintenant)) if vague.ouverture < maintenant else None


def _delai(vague: Vague, etabli_le: datetime | None, maintenant: datetime) -> timedelta | None:
    if etabli_le is None:
        return maintenant - vague.echeance if vague.echeance <= maintenant else None
    # A wave may be prolonged once its closing is recorded.
    return etabli_le - (vague.echeance if vague.echeance <= etabli_le else vague.cloture)


def _courriers_des_clotures(vagues: list[Vague]) -> dict[int, tuple[int, int]]:
    """By wave: letters of the closing that wait, and that were set aside. Their keys are `cloture-{wave}-…`."""
    numero = Func("cle", Value("-"), Value(2), function="split_part", output_field=CharField())
    comptes = (
        Courrier.objects.filter(cle__startswith=PREFIXE_DES_COURRIERS, envoye_le=None)
        .annotate(vague=numero)
        .filter(vague__in=[str(vague.pk) for vague in vagues])
        .order_by()
        .values("vague")
        .annotate(
            en_attente=Count("pk", filter=Q(abandonne_le=None)),
            ecartes=Count("pk", filter=Q(abandonne_le__isnull=False)),
        )
    )
    return {int(ligne["vague"]): (ligne["en_attente"], ligne["ecartes"]) for ligne in comptes}


def _faits_de(vagues: list[Vague]) -> dict[int, tuple[datetime | None, int, int]]:
    """By wave, in one query: its first procès-verbal, how many incidents, how many receipts are still awaited."""
    cette_vague = OuterRef("pk")
    premiers = ProcesVerbal.objects.filter(vague=cette_vague).order_by("etabli_le").values("etabli_le")[:1]
    lus = Vague.objects.filter(pk__in=[vague.pk for vague in vagues]).values_list(
        "pk",
        Subquery(premiers),
        _nombre_de(Incident.objects.filter(vague=cette_vague)),
        _nombre_de(Depot.objects.sans_accuse().filter(candidature__vague=cette_vague)),
    )
    return {pk: tuple(faits) for pk, *faits in lus.order_by()}


def _nombre_de(lignes: QuerySet[Any]) -> Coalesce:
    comptees = lignes.order_by().values(rien=Value(0)).annotate(nombre=Count("pk")).values("nombre")
    return Coalesce(Subquery(comptees, output_field=IntegerField()), 0)
