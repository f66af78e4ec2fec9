"""Which laureates a press release may call new: those that no other release has announced (docs/chiffres.md)."""

from collections.abc import Iterable
from datetime import date

from django.db.models import F, Func, JSONField, Value
from django.db.models.expressions import Combinable

from candidatures.models import Labellisation
from projets.models import Communique
from rebond.socle.temps import jour_de_paris

CHEMIN = "%(function)s(%(expressions)s::jsonpath)"


def nouveaux(labellisations: Iterable[Labellisation], au: date) -> set[int]:
    """Primary keys of those, among laureates announced by `au`, that a release of that date calls new. One query.

    Not those that a release of an earlier date lists, when it was frozen before the first release of this date; when
    there is none, those of the last day of announcement. Nor those that a release of any other date called new: nobody
    is new twice. A rectificatif is compared with the same releases as what it corrects, and none frozen later
    changes the answer.
    """
    jours = {lab.pk: jour_de_paris(lab.annoncee_le) for lab in labellisations if lab.annoncee_le}
    releases = list(
        Communique.objects.annotate(listes=_lignes("territoires_laureats"), appeles=_lignes("nouveaux_laureats"))
        .order_by("pk")
        .values_list("au", "fige_le", "listes", "appeles")
    )
    premier = min((fige_le for jour, fige_le, *_ in releases if jour == au), default=None)
    avant = [liste for jour, fige_le, liste, _ in releases if jour < au and (premier is None or fige_le < premier)]
    if avant:
        retenus = set(jours).difference(*avant)
    else:
        dernier = max(jours.values(), default=None)
        retenus = {pk for pk, jour in jours.items() if jour == dernier}
    return retenus.difference(*(appeles for jour, _, _, appeles in releases if jour != au))


def _lignes(cle: str) -> Combinable:
    """Primary keys of the rows of a frozen figure, read by Postgres: a whole release is long."""
    chemin = Value(f"$.chiffres.{cle}.lignes[*].pk")
    return Func(F("chiffres"), chemin, function="jsonb_path_query_array", output_field=JSONField(), template=CHEMIN)
