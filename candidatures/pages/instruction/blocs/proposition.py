"""The proposal, where the file is read."""

from collections.abc import Mapping
from typing import Any

from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier


def _lire(page: PageDuDossier) -> Mapping[str, Any] | None:
    formulaire = page.contexte["propose_ici"]
    return {"formulaire": formulaire} if formulaire is not None else None


PROPOSITION = Bloc("candidatures/instruction/blocs/proposition.html", _lire)
