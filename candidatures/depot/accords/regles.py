"""Whose « bon pour dépôt » a deposit waits for: pure predicates."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import compte

REGLE = (
    "Dans cette période de dépôt, un groupement dépose quand chaque collectivité membre a donné son "
    "«\u00a0bon pour dépôt\u00a0» sur la version déposée. Le dépôt lui-même vaut l’accord de la collectivité chef de "
    "file."
)


def signataires_attendus(contenu: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The members of that content whose mark the rule asks for: all but the lead, which agrees by depositing."""
    return list(contenu["membres"][1:])


@jumeau_de("postgres:depot_signe_par_ses_membres")
def noms_manquants(contenu: Mapping[str, Any], signes: Collection[str]) -> list[str]:
    """Who has not marked that content, by name, when the authorities `signes` (their numbers) have."""
    return [membre["nom"] for membre in signataires_attendus(contenu) if membre["siren"] not in signes]


def empechement_faute_d_accords(noms: Iterable[str]) -> str | None:
    """Why the version is not deposited; None when nobody is missing."""
    noms = list(noms)
    if not noms:
        return None
    return (
        f"Il manque {compte(len(noms), 'bon pour dépôt', 'bons pour dépôt')} sur cette version\u00a0: "
        f"{', '.join(noms)}. Le dossier n’est pas déposé\u00a0; son contenu est conservé."
    )
