"""Opening the documents that nobody opened when they came in, and looking for what runs or hides in them."""

import logging

from django.db import transaction
from django.db.models import Q

from candidatures.surveillance.analyses import documents_recus, tenir_le_premier
from rebond.socle.documents.contenu_actif import A_INSPECTER, inspecter_document
from rebond.socle.documents.lisibilites import connue, examiner_document
from rebond.socle.documents.models import Document

journal = logging.getLogger(__name__)

LIMITE = 40


def examiner_en_attente(*, limite: int = LIMITE) -> int:
    """Open, and look in, at most `limite` of them, the oldest first; return how many were judged. The next goes on.

    One transaction each; a document that another worker holds is skipped.
    """
    juges = 0
    sans_verdict: set[int] = set()
    while juges + len(sans_verdict) < limite:
        with transaction.atomic():
            a_ouvrir = documents_recus().filter(Q(lisibilite=None) | A_INSPECTER).exclude(pk__in=sans_verdict)
            document = tenir_le_premier(a_ouvrir.select_related("lisibilite"), "ouverture")
            if document is None:
                break
            try:
                if _juger(document):
                    juges += 1
                    continue
            except FileNotFoundError:
                journal.error("Document %s absent du stockage.", document.sha256)
            sans_verdict.add(document.pk)
    return juges


def _juger(document: Document) -> bool:
    if connue(document) is None and examiner_document(document).ouverture is None:
        return False
    a_inspecter = Document.objects.filter(A_INSPECTER, pk=document.pk).exists()
    return inspecter_document(document) if a_inspecter else True
