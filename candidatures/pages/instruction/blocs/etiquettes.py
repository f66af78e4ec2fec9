"""The labels of the file."""

from candidatures.pages.instruction.blocs.bloc import Bloc, PageDuDossier


def _lire(page: PageDuDossier) -> dict[str, object] | None:
    if not page.complet:
        return None
    return {"noms": page.dossier.suivi.etiquettes}


ETIQUETTES = Bloc("candidatures/instruction/blocs/etiquettes.html", _lire)
