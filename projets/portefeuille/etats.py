"""States of a project, and the only passages between them."""

from django.db import models

from projets.portefeuille.actes import ActeDeProjet
from rebond.socle.etats.table import Table, Transition


class EtatProjet(models.TextChoices):
    DETECTE = "detecte", "Détecté"
    QUALIFIE = "qualifie", "Qualifié"
    ORIENTE = "oriente", "Orienté"
    DEPOSE = "depose", "Demande d’aide déposée"
    ACCORDE = "accorde", "Aide accordée"
    REFUSE = "refuse", "Aide refusée"
    ENGAGE = "engage", "Engagé"
    REALISE = "realise", "Réalisé"
    ABANDONNE = "abandonne", "Abandonné"


class Voie(models.TextChoices):
    """Where a project is sent once it is qualified."""

    ENVELOPPE = "enveloppe", "Enveloppe d’aides de la mission"
    DROIT_COMMUN = "droit_commun", "Aides de droit commun"
    SANS_AIDE = "sans_aide", "Sans aide publique"


class NatureProjet(models.TextChoices):
    CAPACITE = "capacite", "Augmentation de capacité"
    MODERNISATION = "modernisation", "Modernisation de l’outil de production"
    DIVERSIFICATION = "diversification", "Diversification"
    TRANSITION = "transition", "Transition écologique et énergétique"
    NUMERIQUE = "numerique", "Transition numérique"
    INNOVATION = "innovation", "Recherche et innovation"
    IMPLANTATION = "implantation", "Implantation ou relocalisation"
    COMPETENCES = "competences", "Emploi et compétences"


TRANSITIONS_PROJET = Table(
    Transition(
        ActeDeProjet.QUALIFIER,
        frozenset({EtatProjet.DETECTE}),
        EtatProjet.QUALIFIE,
        "Seul un projet détecté se qualifie.",
    ),
    Transition(
        ActeDeProjet.ORIENTER,
        frozenset({EtatProjet.QUALIFIE, EtatProjet.ORIENTE}),
        EtatProjet.ORIENTE,
        "Un projet s’oriente une fois qualifié, et tant qu’aucune demande d’aide n’est déposée.",
    ),
    Transition(
        ActeDeProjet.DEPOSER_DEMANDE,
        frozenset({EtatProjet.ORIENTE}),
        EtatProjet.DEPOSE,
        "La demande d’aide suit l’orientation du projet.",
    ),
    Transition(
        ActeDeProjet.ACCORDER,
        frozenset({EtatProjet.ORIENTE, EtatProjet.DEPOSE}),
        EtatProjet.ACCORDE,
        "Une aide ne s’accorde qu’à un projet orienté qui n’en a pas encore reçu.",
    ),
    Transition(
        ActeDeProjet.REFUSER,
        frozenset({EtatProjet.DEPOSE}),
        EtatProjet.REFUSE,
        "Seule une demande d’aide déposée peut être refusée.",
    ),
    Transition(
        ActeDeProjet.ENGAGER,
        frozenset({EtatProjet.ORIENTE, EtatProjet.ACCORDE, EtatProjet.REFUSE}),
        EtatProjet.ENGAGE,
        "Un projet s’engage après son orientation ou la réponse à sa demande d’aide.",
    ),
    Transition(
        ActeDeProjet.REALISER,
        frozenset({EtatProjet.ENGAGE}),
        EtatProjet.REALISE,
        "Seul un projet engagé peut être déclaré réalisé.",
    ),
    Transition(
        ActeDeProjet.ABANDONNER,
        frozenset(
            {
                EtatProjet.DETECTE,
                EtatProjet.QUALIFIE,
                EtatProjet.ORIENTE,
                EtatProjet.DEPOSE,
                EtatProjet.ACCORDE,
                EtatProjet.REFUSE,
                EtatProjet.ENGAGE,
            }
        ),
        EtatProjet.ABANDONNE,
        "Un projet réalisé ou déjà abandonné ne s’abandonne plus.",
    ),
)
