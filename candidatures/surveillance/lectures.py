"""Having the attachments that agents may read be read for search, and drawn for their pages.

A document without `Lecture` that an attachment of a deposit that counts, or of a correction given back, refers to is
the pending work: whatever stops the worker or loses its message, the next beat finds it again.
"""

import logging
from contextlib import ExitStack
from functools import cache
from time import monotonic

from django.db import IntegrityError, connection, transaction
from django.db.models import Q, QuerySet
from django.db.models.expressions import RawSQL

from candidatures.instruction.recherche.verite import ACCORDER
from candidatures.surveillance.analyses import tenir_le_premier
from rebond.socle.bdd import verrous
from rebond.socle.bdd.contraintes import nom_contrainte
from rebond.socle.documents.effacements import verrou_des_octets
from rebond.socle.documents.etats import EtatLecture, Ouverture
from rebond.socle.documents.formats import Contenu
from rebond.socle.documents.lectures import apercus
from rebond.socle.documents.lectures.extraction import (
    DESSINES,
    LUS,
    SANS_TESSERACT,
    dessiner,
    lire,
    tesseract_francais,
)
from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.models import Document
from rebond.socle.documents.stockage import ouvrir, type_de
from rebond.surveillance.antivirus import servis

journal = logging.getLogger(__name__)
LIMITE = 40
#: Seconds after which the next beat goes on: receipts wait in the same queue.
DUREE = 20.0


def a_lire() -> QuerySet[Document]:
    """Documents that agents may open and that nobody has read; also those in which Tesseract, which came since, may
    recognise a text."""
    attendus = Q(lecture=None)
    if tesseract_francais():
        attendus |= Q(lecture__etat=EtatLecture.SANS_TEXTE, lecture__reconnaissance_tentee=False)
    return servis().filter(
        attendus,
        pk__in=RawSQL("SELECT document_id FROM candidatures_pieces_lues", ()),
        lisibilite__ouverture=Ouverture.LISIBLE,
        lisibilite__contenu__in=[contenu.value for contenu in LUS],
    )


def lire_en_attente(*, limite: int = LIMITE, duree: float = DUREE) -> int:
    """Read at most `limite` of them, the oldest first, for some `duree` seconds; return how many were.

    One transaction each; a document that another worker holds is skipped.
    """
    lues, fin = 0, monotonic() + duree
    passes: set[int] = set()
    while lues + len(passes) < limite and monotonic() < fin:
        try:
            with transaction.atomic():
                restent = a_lire().exclude(pk__in=passes)
                document = tenir_le_premier(restent.select_related("lisibilite"), "lecture")
                if document is None:
                    break
                if _lire(document):
                    lues += 1
                else:
                    passes.add(document.pk)
        except IntegrityError as refus:
            # Found infected, or erased, while it was being read: there is nothing to read any more.
            if nom_contrainte(refus) != "lecture_de_ce_qui_se_sert":
                raise
    return lues


def accorder() -> int:
    """Forget what was read of what may not be given any more (an antivirus that came since keeps it in quarantine),
    and set right the texts by which files are found. Return how many readings were forgotten."""
    with transaction.atomic():
        oubliees, _ = Lecture.objects.exclude(document__in=servis()).delete()
        with connection.cursor() as curseur:
            for ordre in ACCORDER:
                curseur.execute(ordre)
    return oubliees


@cache
def _dire_ce_qui_manque() -> None:
    """Once by each process."""
    journal.warning(SANS_TESSERACT)


def _lire(document: Document) -> bool:
    contenu = Contenu(type_de(document))
    with ExitStack() as pile:
        try:
            fichier = pile.enter_context(ouvrir(document))
        except FileNotFoundError:
            journal.error("Document %s absent du stockage.", document.sha256)
            return False
        lu = lire(fichier, contenu)
        if lu is None:
            return False
        if lu.etat is EtatLecture.SANS_TEXTE and tesseract_francais() is None:
            _dire_ce_qui_manque()
        pages = pile.enter_context(dessiner(fichier)) if contenu in DESSINES else []
        # Whoever erases it waits from here on, not before: its pictures go with its bytes.
        verrous.partager(verrou_des_octets(document.sha256))
        if not servis().filter(pk=document.pk).exists():
            return False
        apercus.garder(document.sha256, pages)
    Lecture.objects.update_or_create(
        document=document,
        defaults={
            "etat": lu.etat,
            "texte": lu.texte,
            "tronquee": lu.tronquee,
            "reconnue": lu.reconnue,
            "reconnaissance_tentee": tesseract_francais() is not None,
            "dessinees": len(pages),
        },
    )
    return True
