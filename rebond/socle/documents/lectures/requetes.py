"""What pages say of the readings of documents."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.models import Document


def avec_leurs_lectures(pieces: Iterable[Any]) -> None:
    """Give each attachment that of its document, without its text: one statement."""
    lues = Lecture.objects.defer("texte", "vecteur")
    prefetch_related_objects([*pieces], Prefetch("document__lecture", lues))


def mention_de_lecture(document: Document) -> str:
    """« pièce non lisible par la recherche : … », for a document that comes with its `lecture`; empty for one that
    search reads, or has not read yet."""
    lecture: Lecture | None = getattr(document, "lecture", None)
    return lecture.mention if lecture else ""


def pages_dessinees(document: Document) -> range:
    """The ranks of the pages of which there is a picture, for a document that comes with its `lecture`."""
    lecture: Lecture | None = getattr(document, "lecture", None)
    return range(1, lecture.dessinees + 1) if lecture else range(0)
