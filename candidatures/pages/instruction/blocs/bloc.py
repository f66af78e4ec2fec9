"""A block of the acting column of a file's page: what a room shows there, and what it needs for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True)
class PageDuDossier:
    """What the page has read already: a block asks the database for nothing that is here.

    `dossier` comes with `etat_connu`, `lu_en_entier` and `instruit`; `contexte` is all that the template of the page
    receives. `suite` ends the address of each act: the list that the reader comes from, and how far they have read.
    """

    moi: Utilisateur
    dossier: Any
    contexte: Mapping[str, Any]
    suite: str

    @property
    def complet(self) -> bool:
        return bool(self.dossier.lu_en_entier)

    @property
    def instruit(self) -> bool:
        return bool(self.dossier.instruit)


def toujours(_page: PageDuDossier) -> Mapping[str, Any]:
    """For a block that the page's own context is enough for."""
    return {}


@dataclass(frozen=True)
class Bloc:
    """`gabarit` is rendered with the page's context, and `bloc` for what `lire` answers: None shows nothing.

    `lire` costs one statement at most, whatever the size of the file.
    """

    gabarit: str
    lire: Callable[[PageDuDossier], Mapping[str, Any] | None] = toujours


def rendre(blocs: Sequence[Bloc], page: PageDuDossier, request: Any) -> list[SafeString]:
    """The blocks that have something to show to this reader, in their order."""
    rendus = []
    for bloc in blocs:
        lu = bloc.lire(page)
        if lu is not None:
            contexte = {**page.contexte, "bloc": lu, "suite": page.suite}
            rendus.append(SafeString(render_to_string(bloc.gabarit, contexte, request)))
    return [rendu for rendu in rendus if rendu.strip()]
