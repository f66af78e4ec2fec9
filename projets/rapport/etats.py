"""States of a report, and the only passages between them."""

from django.db import models

from rebond.socle.etats.table import Table, Transition


class EtatRapport(models.TextChoices):
    DEMANDE = "demande", "En attente"
    EN_COURS = "en_cours", "En cours de fabrication"
    PRET = "pret", "Prêt"
    ECHEC = "echec", "Échec"


TRANSITIONS_RAPPORT = Table(
    Transition(
        "commencer",
        frozenset({EtatRapport.DEMANDE, EtatRapport.EN_COURS}),
        EtatRapport.EN_COURS,
        "Ce rapport est déjà fabriqué.",
    ),
    Transition(
        "terminer",
        frozenset({EtatRapport.EN_COURS}),
        EtatRapport.PRET,
        "Ce rapport n’est pas en cours de fabrication.",
    ),
    Transition(
        "echouer",
        frozenset({EtatRapport.EN_COURS}),
        EtatRapport.ECHEC,
        "Ce rapport n’est pas en cours de fabrication.",
    ),
    Transition(
        "relancer", frozenset({EtatRapport.ECHEC}), EtatRapport.DEMANDE, "Seul un rapport en échec se relance."
    ),
)
