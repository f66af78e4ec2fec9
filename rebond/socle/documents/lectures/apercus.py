"""Pictures of the pages of a document: where they lie, beside its bytes, and go with them."""

from collections.abc import Sequence
from pathlib import Path
from typing import IO

from django.core.files import File
from django.core.files.storage import default_storage

from rebond.socle.documents.lectures.extraction import PAGES_DESSINEES

TYPE_MIME = "image/jpeg"


def chemin(sha256: str, rang: int) -> str:
    """Apart from the documents, whose sweep takes away what has no row."""
    return f"apercus/{sha256[:2]}/{sha256[2:4]}/{sha256}-{rang}.jpg"


def garder(sha256: str, pages: Sequence[Path]) -> None:
    for rang, page in enumerate(pages, start=1):
        default_storage.delete(chemin(sha256, rang))
        with page.open("rb") as lue:
            default_storage.save(chemin(sha256, rang), File(lue))


def ouvrir(sha256: str, rang: int) -> IO[bytes]:
    """Raises `FileNotFoundError`."""
    return default_storage.open(chemin(sha256, rang), "rb")


def oter(sha256: str) -> None:
    """Again is harmless."""
    for rang in range(1, PAGES_DESSINEES + 1):
        default_storage.delete(chemin(sha256, rang))
