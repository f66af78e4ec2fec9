"""Opening the documents that nobody opened when they came in: the machine was too busy, or they were there before."""

import logging

from django.db import transaction

from candidatures.surveillance.analyses import documents_recus, tenir_le_premier
from rebond.socle.documents.lisibilites import examiner_document

journal = logging.getLogger(__name__)

LIMITE = 40


def examiner_en_attente(*, limite: int = LIMITE) -> int:
    """Open at most `limite` of them, the oldest first, and return how many were judged; the next beat goes on.

    One transaction each; a document that another worker holds is skipped.
    """
    juges = 0
    sans_verdict: set[int] = set()
    while juges + len(sans_verdict) < limite:
        with transaction.atomic():
            a_ouvrir = documents_recus().filter(lisibilite=None).exclude(pk__in=sans_verdict)
            document = tenir_le_premier(a_ouvrir, "ouverture")
            if document is None:
                break
            try:
                if examiner_document(document).ouverture is not None:
                    juges += 1
                    continue
            except FileNotFoundError:
                journal.error("Document %s absent du stockage.", document.sha256)
            sans_verdict.add(document.pk)
    return juges
