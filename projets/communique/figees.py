"""The figures of a frozen release, and their rows, which stay in the database until somebody reads them."""

from collections.abc import Iterator, Sequence
from typing import Any

from django.db.models import F, Func, JSONField, Value

from projets.chiffres import Chiffres, Ligne
from projets.chiffres.lignes import Compte, Justificatif
from projets.publication.models import Communique


def chiffres_figes(communique: Communique) -> Chiffres:
    """As they were frozen. No row is read but those that somebody asks for."""

    def ensemble(cles: Sequence[str]) -> dict[str, list[Ligne]]:
        return _lignes_de(communique.pk, cles)

    def lignes(cle: str, compte: Compte) -> Justificatif:
        return Justificatif(compte, lambda debut, fin: _lignes(communique.pk, cle, debut, fin), ensemble, cle)

    return Chiffres.depuis_json(communique.sommaire, lignes=lignes)


def _lignes(pk: int, cle: str, debut: int, fin: int | None) -> Iterator[Ligne]:
    (lues,) = _lire(pk, f'$.chiffres."{cle}".lignes[{debut} to {"last" if fin is None else fin - 1}]')
    for lue in lues:
        yield Ligne(**lue)


def _lignes_de(pk: int, cles: Sequence[str]) -> dict[str, list[Ligne]]:
    lues = _lire(pk, *(f'$.chiffres."{cle}".lignes[*]' for cle in cles))
    return {cle: [Ligne(**lue) for lue in lignes] for cle, lignes in zip(cles, lues, strict=True)}


def _lire(pk: int, *chemins: str) -> Sequence[list[dict[str, Any]]]:
    """What each path finds in the figures of one release, by one statement."""
    lues = [
        Func(
            F("chiffres"),
            Value(chemin),
            template="jsonb_path_query_array(%(expressions)s::jsonpath)",
            output_field=JSONField(),
        )
        for chemin in chemins
    ]
    trouvees: Sequence[list[dict[str, Any]]] = Communique.objects.filter(pk=pk).values_list(*lues).get()
    return trouvees
