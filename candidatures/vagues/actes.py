"""What is done on a wave, and on the series of the waves."""

from rebond.socle.journal.actes import Acte


class ActeDeVague(
    Acte,
    sur=(
        "candidatures.vague",
        "candidatures.findeserie",
    ),
):
    """What is done on a wave, and on the series of the waves."""

    PROGRAMMER = "programmer", "Vague programmée"
    DEPLACER = "deplacer", "Dates de la vague modifiées"
    FIXER_LE_SILENCE = "fixer_le_silence", "Portée du silence fixée"
    EXIGER_LES_ACCORDS = "exiger_les_accords", "Bon pour dépôt des membres, exigé ou non"
    FIXER_LES_PHASES = "fixer_les_phases", "Dates de l’instruction fixées"
    SUSPENDRE = "suspendre", "Vague suspendue"
    RETABLIR = "retablir", "Vague rétablie"
    CLORE = "clore", "Clôture enregistrée"
    LABELLISER = "labelliser", "Labellisation décidée"
    ANNONCER = "annoncer", "Annonce des résultats signée"
    ANNONCER_OUVERTURE = "annoncer_ouverture", "Ouverture de la vague annoncée"
    ANNONCER_CLOTURE = "annoncer_cloture", "Clôture de la vague annoncée"
    FINIR_SERIE = "finir_serie", "Fin de la série des vagues"
    REPRENDRE_SERIE = "reprendre_serie", "Série des vagues reprise"
    MODIFIER_CAHIER = "modifier_cahier", "Cahier des charges modifié"


class ActeDeProlongation(Acte, sur=("candidatures.prolongation",)):
    """What is done on an extension."""

    PROPOSER_PROLONGATION = "proposer_prolongation", "Prolongation proposée"
    ACCORDER = "accorder", "Prolongation accordée"
    ECARTER = "ecarter", "Prolongation écartée"
    TERMINER = "terminer", "Fin de la prolongation enregistrée"
