"""Reading, without ever failing, objects in which anything may be absent, null or of another type than announced.

Shapes: the GraphQL API of Démarches simplifiées.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from rebond.socle.horloge.temps import PARIS

Objet = Mapping[str, Any]
VIDE: Objet = {}
ANNEES = range(1970, 2101)
# PostgreSQL keeps no NUL in a text; this sign stands for it.
SIGNE_NUL = "\u2400"
REMPLACEMENT = "\ufffd"


def objet(brut: Any, *cles: str) -> Objet:
    """The object at the end of `cles`; empty when there is none."""
    for cle in cles:
        brut = brut.get(cle) if isinstance(brut, Mapping) else None
    return brut if isinstance(brut, Mapping) else VIDE


def objets(brut: Any, *cles: str) -> list[Objet]:
    """The objects of the list at the end of `cles`; whatever else it holds is left out."""
    *chemin, derniere = cles
    liste = objet(brut, *chemin).get(derniere)
    return [element for element in liste if isinstance(element, Mapping)] if isinstance(liste, list) else []


def texte(brut: Any, *cles: str) -> str:
    """The text at the end of `cles`, numbers and truth values as text; empty when there is none."""
    *chemin, derniere = cles
    valeur = objet(brut, *chemin).get(derniere)
    if isinstance(valeur, bool):
        return "Oui" if valeur else "Non"
    return str(valeur) if isinstance(valeur, (str, int, float)) else ""


def textes(brut: Any, cle: str) -> list[str]:
    """The texts of a list, empty ones left out."""
    liste = objet(brut).get(cle)
    return (
        [valeur for valeur in liste if isinstance(valeur, str) and valeur.strip()] if isinstance(liste, list) else []
    )


def instant(brut: Any, *cles: str) -> datetime | None:
    """An ISO 8601 instant with its offset; without one it is Paris time. None when absent or unreadable."""
    try:
        lu = datetime.fromisoformat(texte(brut, *cles).strip())
    except ValueError:
        return None
    if lu.year not in ANNEES:
        return None
    return lu if lu.tzinfo else lu.replace(tzinfo=PARIS)


def net(brut: Any) -> Any:
    """A copy that PostgreSQL can keep: NUL shown as « ␀ », half characters replaced, infinite numbers as text."""
    if isinstance(brut, str):
        return _texte_net(brut)
    if isinstance(brut, Mapping):
        return {_texte_net(cle): net(valeur) for cle, valeur in brut.items()}
    if isinstance(brut, list):
        return [net(element) for element in brut]
    if isinstance(brut, float) and (brut != brut or brut in (float("inf"), float("-inf"))):
        return str(brut)
    return brut


def _texte_net(brut: str) -> str:
    if "\x00" in brut:
        brut = brut.replace("\x00", SIGNE_NUL)
    if any("\ud800" <= lettre <= "\udfff" for lettre in brut):
        brut = "".join(REMPLACEMENT if "\ud800" <= lettre <= "\udfff" else lettre for lettre in brut)
    return brut
