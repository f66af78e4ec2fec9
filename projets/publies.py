"""Figures that anyone may read: those of the last press release that is out, as it froze them."""

from datetime import datetime

from projets.chiffres import Chiffre, Chiffres
from projets.models import Communique

# How far back to look for a release whose embargo is over.
RECENTS = 5
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
    for communique in Communique.objects.order_by("-au", "-version")[:RECENTS]:
        chiffres = Chiffres.depuis_json(communique.chiffres)
        if not chiffres.sous_embargo(maintenant):
            return [chiffres[cle] for cle in EN_VUE if chiffres[cle].valeur]
    return []
