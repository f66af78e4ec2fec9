"""Specifications in clear."""

from typing import Any

from candidatures.cahier import Cahier
from candidatures.cahier.presentation import presenter, presenter_grille, presenter_pieces


def en_clair(cahier: Cahier) -> dict[str, Any]:
    """What `candidatures/commun/_cahier.html` and `_grille.html` show."""
    return {
        "cahier": cahier,
        "sections": presenter(cahier),
        "pieces": presenter_pieces(cahier),
        "criteres": presenter_grille(cahier),
    }
