"""States of a wave and of its extensions, phases, and the only passages between them."""

from django.db import models

from candidatures.vagues.actes import ActeDeProlongation, ActeDeVague
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

    @property
    def est_programmee(self) -> bool:
        return self is Phase.PROGRAMMEE

    @property
    def est_ouverte(self) -> bool:
        return self is Phase.OUVERTE

    @property
    def est_suspendue(self) -> bool:
        return self is Phase.SUSPENDUE


class NatureDePhase(models.TextChoices):
    """What is done on the files of a wave between its closing and the results, in the order in which it comes."""

    RECEVABILITE = "recevabilite", "Recevabilité"
    AVIS = "avis", "Avis"
    EVALUATION = "evaluation", "Évaluation"
    COMITE = "comite", "Comité de sélection"
    ANNONCE = "annonce", "Annonce des résultats"


class EtatProlongation(models.TextChoices):
    PROPOSEE = "proposee", "En attente d’une seconde signature"
    ACCORDEE = "accordee", "Accordée"
    ECARTEE = "ecartee", "Écartée"
    CLOSE = "close", "Terminée"


TRANSITIONS_VAGUE = Table(
    Transition(
        ActeDeVague.SUSPENDRE,
        frozenset({EtatVague.PREVUE}),
        EtatVague.SUSPENDUE,
        "Cette vague ne peut plus être suspendue\u00a0: elle l’est déjà, ou elle est close.",
    ),
    Transition(
        ActeDeVague.RETABLIR,
        frozenset({EtatVague.SUSPENDUE}),
        EtatVague.PREVUE,
        "Cette vague n’est pas suspendue.",
    ),
    Transition(
        ActeDeVague.CLORE,
        frozenset({EtatVague.PREVUE}),
        EtatVague.EN_INSTRUCTION,
        "La clôture de cette vague est déjà enregistrée.",
    ),
    Transition(
        ActeDeVague.LABELLISER,
        frozenset({EtatVague.EN_INSTRUCTION}),
        EtatVague.LABELLISEE,
        "Les décisions de cette vague ne peuvent pas être prises\u00a0: elles l’ont déjà été, ou la vague n’est pas "
        "close.",
    ),
    Transition(
        ActeDeVague.ANNONCER,
        frozenset({EtatVague.LABELLISEE}),
        EtatVague.PUBLIEE,
        "Les résultats de cette vague ne peuvent pas être annoncés\u00a0: ils l’ont déjà été, ou rien n’est encore "
        "décidé.",
    ),
)

TRANSITIONS_PROLONGATION = Table(
    Transition(
        ActeDeProlongation.ACCORDER,
        frozenset({EtatProlongation.PROPOSEE}),
        EtatProlongation.ACCORDEE,
        "Cette prolongation n’attend plus de signature.",
    ),
    Transition(
        ActeDeProlongation.ECARTER,
        frozenset({EtatProlongation.PROPOSEE}),
        EtatProlongation.ECARTEE,
        "Cette prolongation n’attend plus de signature.",
    ),
    Transition(
        ActeDeProlongation.TERMINER,
        frozenset({EtatProlongation.ACCORDEE}),
        EtatProlongation.CLOSE,
        "Seule une prolongation accordée se termine.",
    ),
)
# Whether the decisions of a wave are taken is known to the same list until the results are public.
ETATS_DE_VAGUE_TENUS_SECRETS = frozenset({EtatVague.LABELLISEE, EtatVague.PUBLIEE})
# Nothing is closed yet.
ETATS_AVANT_LA_CLOTURE = frozenset({EtatVague.PREVUE, EtatVague.SUSPENDUE})
