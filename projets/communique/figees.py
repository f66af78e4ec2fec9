"""The figures of a frozen release, and their rows, which stay in the database until somebody reads them."""

from collections.abc import Iterator

from django.db.models import F, Func, JSONField, Value

from projets.chiffres import Chiffres, Ligne
from projets.chiffres.lignes import Compte, Justificatif
from projets.publication.models import Communique


def chiffres_figes(communique: Communique) -> Chiffres:
    """As they were frozen. No row is read but those that somebody asks for."""

    def lignes(cle: str, compte: Compte) -> Justificatif:
        return Justificatif(compte, lambda debut, fin: _lignes(communique.pk, cle, debut, fin))

    return Chiffres.depuis_json(communique.sommaire, lignes=lignes)


def _lignes(pk: int, cle: str, debut: int, fin: int | None) -> Iterator[Ligne]:
    chemin = f'$.chiffres."{cle}".lignes[{debut} to {"last" if fin is None else fin - 1}]'
    lues = Func(
        F("chiffres"),
        Value(chemin),
        template="jsonb_path_query_array(%(expressions)s::jsonpath)",
        output_field=JSONField(),
    )
    for lue in Communique.objects.filter(pk=pk).values_list(lues, flat=True).get():
        yield Ligne(**lue)
