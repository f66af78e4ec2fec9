"""The internal thread of a file: its last notes, and where one writes."""

from collections.abc import Mapping
from typing import Any

from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier

DERNIERES = 3


def _lire(page: PageDuDossier) -> Mapping[str, Any] | None:
    if not page.instruit:
        return None
    notes = page.contexte["notes"]
    return {"nombre": len(notes), "dernieres": notes[-DERNIERES:][::-1]}


NOTES = Bloc("candidatures/instruction/blocs/notes.html", _lire)
