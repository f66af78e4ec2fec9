"""A page as a line of the bench: its statements, its database, its throughput beside the floors of the minute."""

from collections.abc import Callable, Sequence
from typing import Any

from tests.banc.comparaison import SUCCES, Comparaison, comparer
from tests.banc.mesures import Ligne, Objectif
from tests.banc.reference import lenteur
from tests.banc.service.http import requete
from tests.banc.sql import Lecteur, Observation, rejouer
from tests.banc.terrain import Terrain

Juges = Callable[[dict[str, float], Comparaison], list[Objectif]]


def demandes(terrain: Terrain, adresses: Sequence[str], personnes: Sequence[Any], **entetes: str) -> list[bytes]:
    """Each address for each person, or for a visitor when there is nobody."""
    if not personnes:
        return [requete(adresse, **entetes) for adresse in adresses]
    sessions = [terrain.session(personne) for personne in personnes]
    return [requete(adresse, Cookie=session, **entetes) for session in sessions for adresse in adresses]


def observer(adresse: str, personne: Any = None) -> tuple[Observation, float]:
    """The statements of a page, and milliseconds of its reads alone."""
    vue = Lecteur(personne).observer(adresse)
    assert vue.statut in SUCCES, f"{adresse} : {vue.statut}"
    return vue, rejouer(vue.instructions)


def une_page(
    terrain: Terrain,
    cle: str,
    libelle: str,
    adresses: Sequence[str],
    personnes: Sequence[Any] = (),
    *,
    juger: Juges = lambda mesures, comparaison: [],
    attendus: Sequence[int] = SUCCES,
    **entetes: str,
) -> Ligne:
    """`juger` is told the numbers of the line and the comparison that they come from."""
    vue, base_ms = observer(adresses[0], personnes[0] if personnes else None)
    comparaison = comparer(terrain, demandes(terrain, adresses, personnes, **entetes), attendus=attendus)
    mesures = {
        "instructions": vue.nombre,
        "base_ms": base_ms,
        **comparaison.mesures,
        "fois_son_sql": comparaison.mesures["p50_ms"] / base_ms if base_ms else 0.0,
        "memoire_mo": terrain.portail.memoire,
        "lenteur": lenteur(comparaison.vide[8]),
    }
    return Ligne(cle, libelle, mesures, juger(mesures, comparaison))
