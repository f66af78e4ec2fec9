"""What today's data say otherwise than a published figure (design, invariant 5)."""

from dataclasses import dataclass

from projets.chiffres.definitions import PREFIXE_ENSEMBLE
from projets.chiffres.valeurs import Chiffre, Chiffres


@dataclass(frozen=True, slots=True)
class Ecart:
    """One figure that differs, and the rows (their labels) that explain it."""

    libelle: str
    publie: str
    recompte: str
    ajoutees: tuple[str, ...]
    retirees: tuple[str, ...]
    modifiees: tuple[str, ...]


def ecarts(publies: Chiffres, recomptes: Chiffres) -> list[Ecart]:
    """The published figures whose value a new count of the same date contradicts; `ensemble_…` are not published."""
    return [
        _ecart(publie, recomptes[cle])
        for cle, publie in publies.items()
        if not cle.startswith(PREFIXE_ENSEMBLE) and cle in recomptes and publie.valeur != recomptes[cle].valeur
    ]


def _ecart(publie: Chiffre, recompte: Chiffre) -> Ecart:
    avant = {ligne.pk: ligne for ligne in publie.lignes}
    apres = {ligne.pk: ligne for ligne in recompte.lignes}
    return Ecart(
        libelle=publie.libelle,
        publie=str(publie),
        recompte=str(recompte),
        ajoutees=tuple(ligne.libelle for pk, ligne in apres.items() if pk not in avant),
        retirees=tuple(ligne.libelle for pk, ligne in avant.items() if pk not in apres),
        modifiees=tuple(
            ligne.libelle for pk, ligne in apres.items() if pk in avant and avant[pk].valeur != ligne.valeur
        ),
    )
