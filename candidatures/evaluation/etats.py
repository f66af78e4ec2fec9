"""Where an evaluation is for the one who makes it, and why somebody evaluates a file no more."""

from django.db import models


class EtatDEvaluation(models.TextChoices):
    """What is known of one's own; nothing says it of somebody else's."""

    A_FAIRE = "a_faire", "À faire"
    BROUILLON = "brouillon", "Brouillon"
    A_RELIRE = "a_relire", "À relire"
    RENDUE = "rendue", "Rendue"
    NON_RENDUE = "non_rendue", "Non rendue"


# What its author has something left to do of.
ETATS_A_RENDRE = (EtatDEvaluation.A_FAIRE, EtatDEvaluation.BROUILLON, EtatDEvaluation.A_RELIRE)


class FinDEvaluateur(models.TextChoices):
    RETIRE = "retire", "Retiré"
    CONFLIT = "conflit", "Conflit d’intérêts déclaré"
    PARTICIPATION = "participation", "Participation au dossier"


# What Postgres records by itself.
CLOS_PAR_LA_BASE = (FinDEvaluateur.CONFLIT, FinDEvaluateur.PARTICIPATION)
