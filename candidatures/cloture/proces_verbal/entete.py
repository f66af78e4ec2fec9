"""Line 0 of a procès-verbal: which wave, which rule, how many lines of each kind, and what was recorded before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from candidatures.cloture.etats import NatureLigne
from candidatures.cloture.models.proces_verbaux import FORMAT_LIGNES
from candidatures.vagues.models.vagues import Vague

REGLE = (
    "Un dépôt compte lorsque sa demande est parvenue en entier au portail avant l’instant de la clôture\u00a0: "
    "l’instant de réception fait foi, et non celui de l’enregistrement."
)


def entete(
    *, vague: Vague, rang: int, comptes: Mapping[str, int], precedent: str | None, maintenant: datetime
) -> dict[str, Any]:
    """`comptes` by kind of line, `precedent` the `empreinte` of the procès-verbal recorded just before."""
    return {
        "format": FORMAT_LIGNES,
        "nature": NatureLigne.ENTETE.value,
        "vague": {
            "numero": vague.numero,
            "ouverture": instant_utc(vague.ouverture),
            "cloture": instant_utc(vague.cloture),
            "grace_secondes": int(vague.grace.total_seconds()),
        },
        "rang": rang,
        "regle": REGLE,
        "etabli_le": instant_utc(maintenant),
        "lignes": {str(nature): nombre for nature, nombre in comptes.items()},
        "precedent": precedent,
    }


def instant_utc(instant: datetime) -> str:
    """« 2026-06-01T09:59:59.900000Z », as the lines write it."""
    return instant.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
