"""What is done of evaluations, as the journal names it.

Who evaluates is an act on the file, which whoever reads it whole knows. What somebody says of it is an act on their
own evaluation: the history of the file never tells that it was done.
"""

from rebond.socle.journal.actes import Acte


class ActeSurLesEvaluateurs(Acte, sur=("candidatures.candidature",)):
    CONFIER_L_EVALUATION = "confier_l_evaluation", "Évaluation confiée"
    RETIRER_L_EVALUATION = "retirer_l_evaluation", "Évaluation retirée à quelqu’un"


class ActeDEvaluation(Acte, sur=("candidatures.evaluation",)):
    RENDRE_EVALUATION = "rendre_evaluation", "Évaluation rendue"
    REMPLACER_EVALUATION = "remplacer_evaluation", "Évaluation remplacée"
    S_ABSTENIR = "s_abstenir_d_evaluer", "Abstention motivée"
