"""Figures that anyone may read: those of the last press release that is out, as it froze them."""

from datetime import datetime

from django.db.models import DateTimeField, Q
from django.db.models.fields.json import KT
from django.db.models.functions import Cast

from projets.chiffres import Chiffre, Chiffres
from projets.models import Communique

EN_VUE = (
    "territoires_laureats",
    "regions",
    "industriels_rencontres",
    "projets_recenses",
    "investissements",
    "creations_potentielles",
)


def derniers_chiffres(maintenant: datetime) -> list[Chiffre]:
    """The headline figures of the last release out of embargo; empty before the first one. One query."""
    communique = (
        Communique.objects.annotate(publique_a=Cast(KT("chiffres__publique_a"), DateTimeField()))
        .filter(Q(publique_a=None) | Q(publique_a__lte=maintenant))
        .order_by("-au", "-version")
        .first()
    )
    if communique is None:
        return []
    chiffres = Chiffres.depuis_json(communique.chiffres)
    return [chiffres[cle] for cle in EN_VUE if chiffres[cle].valeur]
