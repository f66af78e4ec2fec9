"""The companies that a deposit names, by their SIREN: what other files that name them are found by."""

from collections.abc import Mapping
from typing import Any

from rebond.socle.bdd.expressions import ValeursDuChemin
from rebond.socle.bdd.jumeaux import jumeau_de


def entreprises_en_sql(contenu: str) -> ValeursDuChemin:
    """The SIREN of the snapshot of a deposit: those of the rows of its answers."""
    return ValeursDuChemin(contenu, chemin="$.sections.*.*[*].siren")


@jumeau_de("candidatures.depot.entreprises.entreprises_en_sql")
def entreprises_citees(contenu: Mapping[str, Any]) -> list[str]:
    """The same, each once, in the order of the file; without those that are left empty."""
    reponses = (reponse for section in contenu["sections"].values() for reponse in section.values())
    lignes = (ligne for reponse in reponses if isinstance(reponse, list) for ligne in reponse)
    sirens = (ligne.get("siren") for ligne in lignes if isinstance(ligne, dict))
    return list(dict.fromkeys(siren for siren in sirens if siren))
