"""States of missions, projects and reports, and the only passages between them."""

from itertools import pairwise

from django.db import models

from rebond.socle.etats import Table, Transition


class EtatMission(models.TextChoices):
    A_LANCER = "a_lancer", "À lancer"
    ETAT_DES_LIEUX = "etat_des_lieux", "État des lieux"
    RENCONTRES = "rencontres", "Rencontres des industriels"
    PORTEFEUILLE = "portefeuille", "Portefeuille consolidé"
    FEUILLE_DE_ROUTE = "feuille_de_route", "Feuille de route validée"
    RESTITUEE = "restituee", "Restituée"
    SUIVI = "suivi", "En suivi"
    CLOSE = "close", "Close"


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


class EtatRapport(models.TextChoices):
    DEMANDE = "demande", "En attente"
    EN_COURS = "en_cours", "En cours de fabrication"
    PRET = "pret", "Prêt"
    ECHEC = "echec", "Échec"


M, P, R = EtatMission, EtatProjet, EtatRapport

ETAPES_MISSION = tuple(EtatMission)

TRANSITIONS_MISSION = Table(
    *(
        Transition(
            f"passer_a_{vers.value}",
            frozenset({de}),
            vers,
            f"La mission ne peut pas passer à l’étape « {vers.label} » depuis son étape actuelle.",
        )
        for de, vers in pairwise(ETAPES_MISSION)
    )
)

TRANSITIONS_PROJET = Table(
    Transition("qualifier", frozenset({P.DETECTE}), P.QUALIFIE, "Seul un projet détecté se qualifie."),
    Transition(
        "orienter",
        frozenset({P.QUALIFIE, P.ORIENTE}),
        P.ORIENTE,
        "Un projet s’oriente une fois qualifié, et tant qu’aucune demande d’aide n’est déposée.",
    ),
    Transition("deposer_demande", frozenset({P.ORIENTE}), P.DEPOSE, "La demande d’aide suit l’orientation du projet."),
    Transition(
        "accorder",
        frozenset({P.ORIENTE, P.DEPOSE}),
        P.ACCORDE,
        "Une aide ne s’accorde qu’à un projet orienté qui n’en a pas encore reçu.",
    ),
    Transition("refuser", frozenset({P.DEPOSE}), P.REFUSE, "Seule une demande d’aide déposée peut être refusée."),
    Transition(
        "engager",
        frozenset({P.ORIENTE, P.ACCORDE, P.REFUSE}),
        P.ENGAGE,
        "Un projet s’engage après son orientation ou la réponse à sa demande d’aide.",
    ),
    Transition("realiser", frozenset({P.ENGAGE}), P.REALISE, "Seul un projet engagé peut être déclaré réalisé."),
    Transition(
        "abandonner",
        frozenset({P.DETECTE, P.QUALIFIE, P.ORIENTE, P.DEPOSE, P.ACCORDE, P.REFUSE, P.ENGAGE}),
        P.ABANDONNE,
        "Un projet réalisé ne s’abandonne plus.",
    ),
)

TRANSITIONS_RAPPORT = Table(
    Transition("commencer", frozenset({R.DEMANDE, R.EN_COURS}), R.EN_COURS, "Ce rapport est déjà fabriqué."),
    Transition("terminer", frozenset({R.EN_COURS}), R.PRET, "Ce rapport n’est pas en cours de fabrication."),
    Transition("echouer", frozenset({R.EN_COURS}), R.ECHEC, "Ce rapport n’est pas en cours de fabrication."),
    Transition("relancer", frozenset({R.ECHEC}), R.DEMANDE, "Seul un rapport en échec se relance."),
)
