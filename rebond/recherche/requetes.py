"""Asking all the sources at once: one statement for whatever is a table, whatever there is to find."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import QuerySet

from rebond.recherche.source import Ligne, Recherche, Resultat, Source, sans_doublon


@dataclass(frozen=True, slots=True)
class Groupe:
    """The results of one kind, best first. `autres`: there are more. `proches`: none answers, these look alike."""

    source: Source
    resultats: Sequence[Resultat]
    autres: bool = False
    proches: bool = False


def chercher(recherche: Recherche, sources: Sequence[Source]) -> list[Groupe]:
    """What was found, kind by kind in the order of `sources`; or else what is spelled alike.

    One statement for all the tables and a second one when nothing answers, besides those of what is no table.
    """
    if recherche.demande.refus:
        return []
    trouvees = _lire(requete for source in sources for requete in source.lignes(recherche))
    ailleurs = {source.genre: source.ailleurs(recherche) for source in sources}
    groupes = [
        _groupe(source, trouvees[source.genre], [lu for lu in ailleurs[source.genre] if not lu.proche], recherche)
        for source in sources
    ]
    if any(groupe.resultats for groupe in groupes):
        return [groupe for groupe in groupes if groupe.resultats]
    presque = _lire(requete for source in sources for requete in source.presque(recherche))
    groupes = [_groupe(source, presque[source.genre], ailleurs[source.genre], recherche) for source in sources]
    return [replace(groupe, proches=True) for groupe in groupes if groupe.resultats]


def _lire(requetes: Iterable[QuerySet[Any, Any]]) -> dict[str, list[Ligne]]:
    par_genre: dict[str, list[Ligne]] = defaultdict(list)
    toutes = [*requetes]
    if toutes:
        premiere, *autres = toutes
        for ligne in sans_doublon(Ligne(*lue) for lue in premiere.union(*autres, all=True)):
            par_genre[ligne.genre].append(ligne)
    return par_genre


def _groupe(source: Source, lignes: Sequence[Ligne], ailleurs: Sequence[Resultat], recherche: Recherche) -> Groupe:
    lus = [source.resultat(ligne, recherche) for ligne in lignes[: recherche.au_plus]]
    resultats = [*lus, *ailleurs][: recherche.au_plus]
    return Groupe(source, resultats, autres=len(lignes) + len(ailleurs) > recherche.au_plus)
