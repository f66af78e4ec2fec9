"""What the page of a file asks its templates for."""

from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from django import template
from django.http import QueryDict
from django.template import Context
from django.urls import reverse

from candidatures.depot.models import nom_du_rectificatif
from candidatures.instruction.correction.sur_place import ancre_de
from rebond.socle.requete.chemins import LISTE

register = template.Library()
register.filter("nom_du_rectificatif", nom_du_rectificatif)


@register.filter
def celles_de(par_ancre: Mapping[str, Sequence[Any]], cle: str) -> Sequence[Any]:
    """The notes in the margin of an answer."""
    return par_ancre.get(cle, ())


@register.simple_tag
def suite_avec(suite: str, nom: str, valeur: str) -> str:
    """The end of an address (`?liste=…`, or nothing) with one thing more."""
    lien = "&" if suite else "?"
    return f"{suite}{lien}{urlencode({nom: valeur})}"


@register.filter
def ancre(section: str, question: str) -> str:
    """Where the answer stands in the page."""
    return ancre_de(f"{section}.{question}")


@register.inclusion_tag("composants/fil.html", takes_context=True)
def fil_du_dossier(context: Context, *maillons: Any) -> dict[str, Any]:
    """Breadcrumb of a page of a file: the list that its reader comes from, as it was searched, then the file.

    `maillons` follow: label, URL… and last the label of the page; nothing on the file's own. An expert comes from what
    is asked of them.

    Takes `dossier` and `retour` (« ?liste=… ») from the page.
    """
    dossier, retour = context["dossier"], context.get("retour") or ""
    if getattr(dossier, "lu_en_entier", True):
        liste = QueryDict(retour.removeprefix("?")).get(LISTE)
        vague = reverse("instruction:vague", args=[dossier.vague.numero])
        parents = [
            ("Instruction", reverse("instruction:vagues")),
            (str(dossier.vague), f"{vague}?{liste}" if liste else vague),
        ]
    else:
        parents = [("Avis demandés", reverse("instruction:avis"))]
    if not maillons:
        return {"parents": parents, "page": dossier.reference}
    *autres, page = maillons
    parents.append((dossier.reference, reverse("instruction:dossier", args=[dossier.pk]) + retour))
    return {"parents": [*parents, *zip(autres[::2], autres[1::2], strict=True)], "page": page}
