"""Receipts that did not arrive: what an agent must know before a court asks, and a territory while it may act."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery, TextField, Value
from django.db.models.expressions import Func

from candidatures.depot.models import Depot
from rebond.socle.courriers.retours.models import Retour
from rebond.socle.courriers.retours.requetes import revenus_de

PREFIXE = "accuse-"
#: More than that on a page is not read.
MONTRES = 20
# « R14-0042-1 » of « accuse-R14-0042-1-345 » or « accuse-R14-0042-1-rectificatif-1-345 ».
NUMERO = Func(
    F("courrier__cle"),
    Value(f"^{PREFIXE}(.+?)(?:-rectificatif-[0-9]+)?-[0-9]+$"),
    function="substring",
    output_field=TextField(),
)


@dataclass(frozen=True)
class AccuseNonArrive:
    """The last time that a receipt of `numero`, the deposit `rang` of its file, came back from `adresse`."""

    candidature: int
    numero: str
    rang: int
    adresse: str
    retour: Retour


@dataclass(frozen=True)
class AccusesNonArrives:
    """How many there are, and the first of them, by number."""

    nombre: int = 0
    montres: Collection[AccuseNonArrive] = ()

    def __bool__(self) -> bool:
        return self.nombre > 0

    @property
    def autres(self) -> int:
        return self.nombre - len(self.montres)


def accuses_non_arrives(
    dossiers: QuerySet[Any] | list[int],
    *references: str,
    venus_de: QuerySet[Any] | Iterable[str] | None = None,
    au_plus: int = MONTRES,
) -> AccusesNonArrives:
    """For files of these keys, whose references begin so (« R14- », « R14-0042- »); `venus_de`: from these addresses
    alone (in small letters). `au_plus` rows are read, the others counted: a statement, two beyond.

    An address that has been silenced with time is empty; the number of the deposit stays.
    """
    if not references:
        return AccusesNonArrives()
    des_accuses = Q()
    for reference in references:
        des_accuses |= Q(courrier__cle__startswith=f"{PREFIXE}{reference}")
    revenus = (Retour.objects.non_arrives() if venus_de is None else revenus_de(venus_de)).sans_autre_envoi()
    deposes = Depot.objects.filter(numero=OuterRef("numero"), candidature__in=dossiers)
    perdus = (
        revenus.filter(des_accuses)
        .annotate(numero=NUMERO)
        .filter(Exists(deposes))
        .order_by("numero", "courrier_id", "-pk")
        .distinct("numero", "courrier_id")
    )
    du_depot = {nom: Subquery(deposes.order_by().values(nom)[:1]) for nom in ("candidature_id", "rang")}
    lus: list[Any] = list(perdus.select_related("courrier").annotate(**du_depot)[: au_plus + 1])
    return AccusesNonArrives(
        len(lus) if len(lus) <= au_plus else perdus.count(),
        [AccuseNonArrive(lu.candidature_id, lu.numero, lu.rang, lu.courrier.destinataire, lu) for lu in lus[:au_plus]],
    )
