"""What nothing refers to any more goes: rows after `CONSERVATION`, bytes once their row is gone for good.

Killed anywhere it loses nothing: a row goes in one transaction with its entry in the journal, and bytes whose row is
gone are found again by `balayer`.
"""

from datetime import datetime

from django.core.files.storage import default_storage
from django.db import IntegrityError, OperationalError, connection, transaction
from django.db.models import F
from psycopg.errors import LockNotAvailable

from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.bdd.expressions import HorlogeBase
from rebond.socle.bdd.masse import inserer_depuis
from rebond.socle.documents.actes import ActeDeDocument
from rebond.socle.documents.effacements import verrou_des_octets
from rebond.socle.documents.lectures import apercus
from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.models import CONSERVATION, Analyse, Document, Lisibilite, Orphelin
from rebond.socle.documents.references import sans_emploi
from rebond.socle.journal.actions import consigner

LIMITE = 500
EMPREINTE = 64
HEURES = 24
ATTENTE_MAX_MS = 100


def marquer() -> None:
    """Note which documents nothing refers to, and forget it of those that serve again."""
    with transaction.atomic():
        Orphelin.objects.exclude(document__in=sans_emploi()).delete()
        nouveaux = sans_emploi().filter(orphelin=None)
        inserer_depuis(Orphelin, nouveaux, {"document": F("pk")}, ignorer_les_connues=True)


def ramasser(*, maintenant: datetime, limite: int = LIMITE) -> int:
    """Mark, then take away at most `limite` documents that have served nobody for `CONSERVATION`; return how many."""
    marquer()
    mures = Orphelin.objects.filter(depuis__lte=HorlogeBase() - CONSERVATION).order_by("pk")
    return sum(effacer(pk, maintenant=maintenant) for pk in mures.values_list("document", flat=True)[:limite])


def effacer(document_id: int, *, maintenant: datetime) -> bool:
    """Take one document away, unless it serves, or somebody holds it at this very instant. Postgres judges."""
    try:
        with transaction.atomic():
            document = _seul_a_le_tenir(document_id)
            if document is None:
                return False
            consigner(
                ActeDeDocument.EFFACER,
                document,
                acteur=None,
                fait_le=maintenant,
                octets=document.taille,
                type=document.type_mime,
                enregistre_le=document.enregistre_le.isoformat(),
            )
            sha256 = document.sha256
            _oter(document)
            transaction.on_commit(lambda: effacer_les_octets(sha256))
    except IntegrityError as refus:
        if nom_contrainte(refus) in {"document_sert_encore", "document_garde_son_delai"}:
            return False
        raise
    except OperationalError as attente:
        if isinstance(attente.__cause__, LockNotAvailable):
            return False
        raise
    return True


def _seul_a_le_tenir(document_id: int) -> Document | None:
    """The document, which no other round takes away meanwhile; None when one has, or is at it.

    Not a lock of its row: the portal's role may not change one, hence not lock it either.
    """
    lu = Document.objects.filter(pk=document_id)
    sha256 = lu.values_list("sha256", flat=True).first()
    if sha256 is None or not verrous.prendre(verrou_des_octets(sha256)):
        return None
    # Read again: the other round may have ended in between.
    return lu.first()


def _oter(document: Document) -> None:
    """The row, then what was known of it: Postgres reads the mark when the row goes, and Django would not ask it."""
    with connection.cursor() as curseur:
        # Whoever attaches it holds its row.
        curseur.execute(f"SET LOCAL lock_timeout = {ATTENTE_MAX_MS}")
        curseur.execute("DELETE FROM socle_document WHERE id = %s", [document.pk])
    for fait in (Analyse, Lecture, Lisibilite, Orphelin):
        fait.objects.filter(document_id=document.pk).delete()


def effacer_les_octets(sha256: str) -> bool:
    """Remove the bytes, once no row names them; left alone while somebody keeps the same ones anew."""
    with transaction.atomic():
        if not verrous.prendre(verrou_des_octets(sha256)) or Document.objects.filter(sha256=sha256).exists():
            return False
        default_storage.delete(Document(sha256=sha256).chemin)
        apercus.oter(sha256)
    return True


def balayer(*, maintenant: datetime) -> int:
    """Remove bytes without a row: a crash came in between. A part of the storage an hour, all of it in a day."""
    return sum(_balayer(dossier) for dossier in _dossiers("") if _est_de_l_heure(dossier, maintenant))


def _balayer(dossier: str) -> int:
    trouves = {nom for sous in _dossiers(dossier) for nom in _noms(f"{dossier}/{sous}") if len(nom) == EMPREINTE}
    connus = set(Document.objects.filter(sha256__startswith=dossier).values_list("sha256", flat=True))
    return sum(effacer_les_octets(sha256) for sha256 in sorted(trouves - connus))


def _est_de_l_heure(dossier: str, maintenant: datetime) -> bool:
    try:
        return int(dossier, 16) % HEURES == maintenant.hour
    except ValueError:
        # Not ours.
        return False


def _dossiers(dossier: str) -> list[str]:
    return default_storage.listdir(dossier)[0] if default_storage.exists(dossier or ".") else []


def _noms(dossier: str) -> list[str]:
    return default_storage.listdir(dossier)[1]
