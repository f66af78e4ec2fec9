"""States of a wave and of its extensions, phases, and the only passages between them."""

from django.db import models

from rebond.socle.etats.table import Table, Transition


class EtatVague(models.TextChoices):
    """Acts done on a wave. Whether it is open is not here: `Vague.phase` reads that from the clock."""

    PREVUE = "prevue", "Clôture non enregistrée"
    SUSPENDUE = "suspendue", "Suspendue"
    EN_INSTRUCTION = "en_instruction", "En instruction"
    LABELLISEE = "labellisee", "Décisions prises"
    PUBLIEE = "publiee", "Résultats annoncés"


class Phase(models.TextChoices):
    """Where a wave, or a file in it, stands at an instant. `PROLONGEE`: open to the files that were begun in time."""

    PROGRAMMEE = "programmee", "Programmée"
    OUVERTE = "ouverte", "Ouverte"
    PROLONGEE = "prolongee", "Prolongée pour les dossiers commencés"
    EN_CLOTURE = "en_cloture", "Clôture en cours d’enregistrement"
    CLOSE = "close", "Close"
    SUSPENDUE = "suspendue", "Suspendue"


class EtatProlongation(models.TextChoices):
    PROPOSEE = "proposee", "En attente d’une seconde signature"
    ACCORDEE = "accordee", "Accordée"
    ECARTEE = "ecartee", "Écartée"
    CLOSE = "close", "Terminée"


TRANSITIONS_VAGUE = Table(
    Transition(
        "suspendre",
        frozenset({EtatVague.PREVUE}),
        EtatVague.SUSPENDUE,
        "Cette vague ne peut plus être suspendue\u00a0: elle l’est déjà, ou elle est close.",
    ),
    Transition(
        "retablir",
        frozenset({EtatVague.SUSPENDUE}),
        EtatVague.PREVUE,
        "Cette vague n’est pas suspendue.",
    ),
    Transition(
        "clore",
        frozenset({EtatVague.PREVUE}),
        EtatVague.EN_INSTRUCTION,
        "La clôture de cette vague est déjà enregistrée.",
    ),
    Transition(
        "labelliser",
        frozenset({EtatVague.EN_INSTRUCTION}),
        EtatVague.LABELLISEE,
        "Les décisions de cette vague ne peuvent pas être prises : elles l’ont déjà été, ou la vague n’est pas close.",
    ),
    Transition(
        "annoncer",
        frozenset({EtatVague.LABELLISEE}),
        EtatVague.PUBLIEE,
        "Les résultats de cette vague ne peuvent pas être annoncés : ils l’ont déjà été, ou rien n’est encore décidé.",
    ),
)

TRANSITIONS_PROLONGATION = Table(
    Transition(
        "accorder",
        frozenset({EtatProlongation.PROPOSEE}),
        EtatProlongation.ACCORDEE,
        "Cette prolongation n’attend plus de signature.",
    ),
    Transition(
        "ecarter",
        frozenset({EtatProlongation.PROPOSEE}),
        EtatProlongation.ECARTEE,
        "Cette prolongation n’attend plus de signature.",
    ),
    Transition(
        "terminer",
        frozenset({EtatProlongation.ACCORDEE}),
        EtatProlongation.CLOSE,
        "Seule une prolongation accordée se termine.",
    ),
)
# Whether the decisions of a wave are taken is known to the same list until the results are public.
ETATS_DE_VAGUE_TENUS_SECRETS = frozenset({EtatVague.LABELLISEE, EtatVague.PUBLIEE})
