"""Receipts that did not arrive: what an agent must know before a court asks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet

from candidatures.depot.models import Depot
from rebond.socle.courriers.retours.models import Retour

PREFIXE = "accuse-"


@dataclass(frozen=True)
class AccuseNonArrive:
    """The last time that a receipt of `numero` came back from `adresse`."""

    candidature: int
    numero: str
    adresse: str
    retour: Retour


def accuses_non_arrives(dossiers: QuerySet[Any] | list[int], *references: str) -> list[AccuseNonArrive]:
    """For files of these keys, whose references begin so (« R14- », « R14-0042- »), in two statements.

    An address that has been silenced with time is empty; the number of the deposit stays.
    """
    des_accuses = Q()
    for reference in references:
        des_accuses |= Q(courrier__cle__startswith=f"{PREFIXE}{reference}")
    revenus = Retour.objects.non_arrives().filter(des_accuses) if references else Retour.objects.none()
    derniers = revenus.select_related("courrier").order_by("courrier_id", "-pk").distinct("courrier_id")
    par_numero: dict[str, list[Retour]] = {}
    for retour in derniers:
        par_numero.setdefault(_numero(retour.courrier.cle), []).append(retour)
    if not par_numero:
        return []
    deposes = Depot.objects.filter(numero__in=par_numero, candidature__in=dossiers).order_by("numero")
    return [
        AccuseNonArrive(pk, numero, retour.courrier.destinataire, retour)
        for pk, numero in deposes.values_list("candidature_id", "numero")
        for retour in par_numero[numero]
    ]


def _numero(cle: str) -> str:
    """« R14-0042-1 » of « accuse-R14-0042-1-345 » or « accuse-R14-0042-1-rectificatif-1-345 »."""
    debut, rectifie, _ = cle.removeprefix(PREFIXE).partition("-rectificatif-")
    return debut if rectifie else debut.rpartition("-")[0]
