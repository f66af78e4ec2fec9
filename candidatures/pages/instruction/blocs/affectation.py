"""Who holds the file."""

from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier


def _lire(page: PageDuDossier) -> dict[str, object] | None:
    return {} if page.complet else None


AFFECTATION = Bloc("candidatures/instruction/_affectation.html", _lire)
