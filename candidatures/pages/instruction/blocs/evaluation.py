"""One's own evaluation, and where those of the others are read."""

from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier


def _lire(page: PageDuDossier) -> dict[str, object] | None:
    return {} if page.complet else None


EVALUATION = Bloc("candidatures/instruction/blocs/evaluation.html", _lire)
