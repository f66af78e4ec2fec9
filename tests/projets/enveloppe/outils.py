"""What the tests of envelopes have in common."""

from datetime import date
from typing import Any

from projets.enveloppe import actions as enveloppes
from projets.models import Concours, Enveloppe
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.utilisateur import Utilisateur
from tests.projets import conduite


def adresse(enveloppe: Enveloppe, suite: str = "") -> str:
    return f"/missions/{enveloppe.mission_id}/enveloppe/{suite}"


def accorder(
    enveloppe: Enveloppe, montant: int, acteur: Utilisateur, *, accorde_le: date = conduite.ACCORD
) -> Concours:
    return enveloppes.accorder(
        enveloppe=enveloppe,
        projet=conduite.un_projet(enveloppe),
        montant=montant,
        accorde_le=accorde_le,
        acteur=acteur,
        maintenant=horloge_base(),
    )


def ouverture(**champs: Any) -> dict[str, Any]:
    return {
        "nom": "Enveloppe d’aides",
        "montant": "5 000 000",
        "ouverte_le": "2023-07-03",
        "financeurs-TOTAL_FORMS": "2",
        "financeurs-INITIAL_FORMS": "0",
        "financeurs-0-financeur": "État",
        "financeurs-0-montant": "4 000 000",
        "financeurs-1-financeur": "Région",
        "financeurs-1-montant": "1 000 000",
    } | champs
