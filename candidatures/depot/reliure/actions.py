"""Asking for a bound deposit, making it, and making it again when something of it must not be read any more."""

import logging
from datetime import datetime

from django.core.files import File
from django.db import transaction
from django.db.models import Prefetch

from candidatures.depot.models import Depot, PieceDeposee
from candidatures.depot.reliure.document import dossier_relie
from candidatures.depot.reliure.models import Reliure
from candidatures.depot.reliure.pdf import ReliureImpossible, relie
from candidatures.depot.reliure.regles import DUREE_MAX, empechement_de_relier
from rebond.socle.documents.effacements import EffacementDeDocument
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.models import Analyse
from rebond.socle.documents.stockage import enregistrer_fichier
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.taches import planifier
from rebond.socle.utilisateur import Utilisateur

journal = logging.getLogger(__name__)
TACHE = "candidatures.tasks.relier"
CONNUS = ("document__lisibilite", "document__effacement", "document__analyse")


@transaction.atomic
def demander(*, depot: Depot, auteur: Utilisateur, territoire: bool = True) -> Reliure:
    """Have a worker bind the deposit. Asked for twice, it is made once; one that failed is tried again.

    `territoire`: whether `auteur` asks as one of the file. Raises RegleEnfreinte for a deposit that another system
    received.
    """
    if refus := empechement_de_relier(repris=depot.est_repris):
        raise RegleEnfreinte(refus)
    demande = {"demandee_par": auteur, "montree_au_territoire": territoire}
    reliure, _ = Reliure.objects.get_or_create(depot=depot, defaults=demande)
    if reliure.abandonnee:
        reliure.essais = 0
        reliure.save(update_fields=["essais"])
    if territoire and not reliure.montree_au_territoire:
        reliure.montree_au_territoire = True
        reliure.save(update_fields=["montree_au_territoire"])
    planifier(TACHE, reliure.pk)
    return reliure


def relier(pk: int, *, maintenant: datetime) -> bool:
    """Make one, unless it is made or somebody is at it; whether it was made. Tries are counted before the work."""
    depot = _commencer(pk, maintenant)
    if depot is None:
        return False
    dossier, documents = dossier_relie(depot), [piece.document for piece in depot.pieces.all()]
    try:
        with (
            relie(dossier, documents, f"{depot.numero}/relie") as (fichier, pages, incluses),
            fichier.open("rb") as lu,
        ):
            dedans = [document.pk for document, inclus in zip(documents, incluses, strict=True) if inclus]
            return _garder(pk, File(lu), pages, dedans, maintenant)
    except ReliureImpossible:
        journal.exception("Le dépôt %s n’a pas pu être relié.", depot.numero)
        Reliure.objects.filter(pk=pk).update(commencee_le=None)
        return False


def veiller(*, maintenant: datetime) -> int:
    """Wake a worker for what waits, what a dead one had begun, and what holds something that must not be read any
    more; return how many wait."""
    Reliure.objects.filter(document=None, commencee_le__lt=maintenant - DUREE_MAX).update(commencee_le=None)
    _reprendre_les_perimees()
    attendus = list(Reliure.objects.a_faire().order_by("pk").values_list("pk", flat=True)[:50])
    for pk in attendus:
        planifier(TACHE, pk)
    return len(attendus)


@transaction.atomic
def _commencer(pk: int, maintenant: datetime) -> Depot | None:
    reliure = Reliure.objects.select_for_update(skip_locked=True).filter(pk=pk).a_faire().first()
    if reliure is None:
        return None
    reliure.essais, reliure.commencee_le = reliure.essais + 1, maintenant
    reliure.save(update_fields=["essais", "commencee_le"])
    pieces = PieceDeposee.objects.select_related(*CONNUS).order_by("pk")
    depots = Depot.objects.select_related("auteur", "candidature__vague", "candidature__cahier")
    return depots.prefetch_related(Prefetch("pieces", pieces)).get(pk=reliure.depot_id)


@transaction.atomic
def _garder(pk: int, fichier: File, pages: int, incluses: list[int], maintenant: datetime) -> bool:
    reliure = Reliure.objects.select_for_update().get(pk=pk)
    if reliure.document_id is not None:
        return False
    reliure.document = enregistrer_fichier(fichier, type_mime=Contenu.PDF.value)
    reliure.pages, reliure.incluses, reliure.faite_le, reliure.commencee_le = pages, incluses, maintenant, None
    reliure.save(update_fields=["document", "pages", "incluses", "faite_le", "commencee_le"])
    return True


@transaction.atomic
def _reprendre_les_perimees() -> None:
    faites = Reliure.objects.exclude(document=None).select_for_update(skip_locked=True)
    douteuses = faites.filter(incluses__overlap=_retenus())
    for reliure in douteuses:
        reliure.document, reliure.pages, reliure.faite_le, reliure.incluses, reliure.essais = None, None, None, [], 0
        reliure.save(update_fields=["document", "pages", "faite_le", "incluses", "essais"])


def _retenus() -> list[int]:
    """The documents that nobody may read any more: erased, or found infected. There are few."""
    effaces = EffacementDeDocument.objects.exclude(signe_le=None).values_list("document_id", flat=True)
    infectes = Analyse.objects.filter(saine=False).values_list("document_id", flat=True)
    return [*effaces, *infectes]
