"""What is done around a closing."""

from rebond.socle.journal.actes import Acte


class ActeDeCloture(
    Acte,
    sur=(
        "candidatures.candidature",
        "candidatures.incident",
    ),
):
    """What is done around a closing."""

    PROLONGER = "prolonger", "Échéance prolongée"
    DECLARER_INCIDENT = "declarer_incident", "Incident déclaré"
    CLORE_INCIDENT = "clore_incident", "Fin d’un incident enregistrée"
