"""States of waves and files, and the only passages between them."""

from django.db import models

from rebond.socle.etats import Table, Transition


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


class EtatCandidature(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    DEPOSEE = "deposee", "Déposée"
    EN_INSTRUCTION = "en_instruction", "En instruction"
    CORRECTION_DEMANDEE = "correction_demandee", "Correction demandée"
    IRRECEVABLE = "irrecevable", "Irrecevable"
    INSTRUITE = "instruite", "Instruite"
    LAUREATE = "laureate", "Lauréate"
    NON_RETENUE = "non_retenue", "Non retenue"
    AJOURNEE = "ajournee", "Ajournée à une prochaine vague"
    RETIREE = "retiree", "Retirée"


class EtatProlongation(models.TextChoices):
    PROPOSEE = "proposee", "En attente d’une seconde signature"
    ACCORDEE = "accordee", "Accordée"
    ECARTEE = "ecartee", "Écartée"
    CLOSE = "close", "Terminée"


class Qualite(models.TextChoices):
    """What a person may do in one file."""

    PORTEUR = "porteur", "Porteur"
    CO_PORTEUR = "co_porteur", "Co-porteur"
    LECTEUR = "lecteur", "Lecteur"


class Source(models.TextChoices):
    PORTAIL = "portail", "Déposé sur le portail"
    ECHEANCE = "echeance", "Déposé par le portail à l’échéance, à la demande du porteur"
    REPRISE = "reprise", "Repris d’un autre système"


class LectureDuDepot(models.TextChoices):
    """What is known of what the porteur had read, for a deposit made on the portal."""

    CONFORME = "conforme", "Déposé tel qu’il avait été relu"
    RELUE = "relue", "Version relue par le porteur, bien que le brouillon ait changé depuis"
    INTROUVABLE = "introuvable", "Brouillon tel qu’il était, la version relue n’ayant pas été retrouvée"
    NON_DITE = "non_dite", "Brouillon tel qu’il était, la page n’ayant pas dit ce qui avait été relu"


class NatureMembre(models.TextChoices):
    """What an authority of a grouping is."""

    EPCI = "epci", "Intercommunalité"
    PETR = "petr", "Pôle d’équilibre territorial et rural"


class NatureIncident(models.TextChoices):
    INDISPONIBILITE = "indisponibilite", "Indisponibilité du portail"
    HORLOGE = "horloge", "Horloge"
    MESSAGERIE = "messagerie", "Messagerie"
    AUTRE = "autre", "Autre"


class NatureLigne(models.TextChoices):
    """What a line of a procès-verbal states, in the order of the lines."""

    ENTETE = "entete", "En-tête"
    DEPOT = "depot", "Dépôt"
    BROUILLON = "brouillon", "Brouillon non déposé"
    PROLONGATION = "prolongation", "Prolongation"
    INCIDENT = "incident", "Incident"


class SensAvis(models.TextChoices):
    FAVORABLE = "favorable", "Favorable"
    RESERVE = "reserve", "Favorable avec réserves"
    DEFAVORABLE = "defavorable", "Défavorable"


class SensDecision(models.TextChoices):
    LABELLISER = "labelliser", "Labelliser"
    NE_PAS_RETENIR = "ne_pas_retenir", "Ne pas retenir"
    AJOURNER = "ajourner", "Ajourner à une prochaine vague"


E = EtatCandidature

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

# How a file may have ended in the system that it was taken over from.
ETATS_REPRIS = (E.LAUREATE, E.NON_RETENUE, E.AJOURNEE)

TRANSITIONS_CANDIDATURE = Table(
    Transition(
        "deposer",
        frozenset({E.BROUILLON, E.DEPOSEE}),
        E.DEPOSEE,
        "Ce dossier ne peut plus être déposé.",
    ),
    Transition(
        "retirer",
        frozenset({E.BROUILLON, E.DEPOSEE}),
        E.RETIREE,
        "Ce dossier ne peut plus être retiré : son instruction a commencé, ou il l’a déjà été.",
    ),
    Transition(
        "ouvrir_instruction",
        frozenset({E.DEPOSEE}),
        E.EN_INSTRUCTION,
        "Seul un dossier déposé passe en instruction.",
    ),
    Transition(
        "demander_correction",
        frozenset({E.EN_INSTRUCTION}),
        E.CORRECTION_DEMANDEE,
        "Une correction ne se demande que sur un dossier en instruction.",
    ),
    Transition(
        "rendre_correction",
        frozenset({E.CORRECTION_DEMANDEE}),
        E.EN_INSTRUCTION,
        "Aucune correction n’est attendue sur ce dossier.",
    ),
    Transition(
        "fermer_correction",
        frozenset({E.CORRECTION_DEMANDEE}),
        E.EN_INSTRUCTION,
        "Aucune correction n’est attendue sur ce dossier.",
    ),
    Transition(
        "declarer_irrecevable",
        frozenset({E.EN_INSTRUCTION}),
        E.IRRECEVABLE,
        "La recevabilité ne se constate que sur un dossier en instruction.",
    ),
    Transition(
        "proposer",
        frozenset({E.EN_INSTRUCTION, E.INSTRUITE}),
        E.INSTRUITE,
        "Une proposition ne se fait que sur un dossier en instruction, avant la décision.",
    ),
    Transition(
        SensDecision.LABELLISER,
        frozenset({E.INSTRUITE}),
        E.LAUREATE,
        "Seul un dossier instruit peut être labellisé.",
    ),
    Transition(
        SensDecision.NE_PAS_RETENIR,
        frozenset({E.INSTRUITE}),
        E.NON_RETENUE,
        "Seul un dossier instruit peut être écarté.",
    ),
    Transition(
        SensDecision.AJOURNER,
        frozenset({E.INSTRUITE}),
        E.AJOURNEE,
        "Seul un dossier instruit peut être ajourné.",
    ),
    # Decided in the system that the file was taken over from.
    *(
        Transition(f"reprendre_{etat}", frozenset({E.EN_INSTRUCTION}), etat, "Ce dossier n’est pas en instruction.")
        for etat in ETATS_REPRIS
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

# Whoever is not on the list of those who may know (`connaissance`) reads « en instruction » for all of these until the
# results are announced.
ETATS_TENUS_SECRETS = frozenset({E.IRRECEVABLE, E.INSTRUITE, E.LAUREATE, E.NON_RETENUE, E.AJOURNEE})
# What an announcement tells; every file of a decided wave that was deposited ends in one of them.
ETATS_DECIDES = frozenset({E.IRRECEVABLE, E.LAUREATE, E.NON_RETENUE, E.AJOURNEE})
# Nothing more will happen in such a file.
ETATS_SANS_SUITE = frozenset({E.RETIREE, E.IRRECEVABLE, E.NON_RETENUE, E.AJOURNEE})
ETATS_MODIFIABLES = frozenset({E.BROUILLON, E.DEPOSEE})
# What keeps a wave from being decided.
ETATS_A_INSTRUIRE = frozenset({E.DEPOSEE, E.EN_INSTRUCTION, E.CORRECTION_DEMANDEE})
# What whoever is not on that list knows of a file that they are asked about, as long as it is being instructed.
ETATS_EN_COURS = frozenset({E.EN_INSTRUCTION, E.CORRECTION_DEMANDEE})
ETATS_INSTRUITS = frozenset({E.EN_INSTRUCTION, E.CORRECTION_DEMANDEE, *ETATS_TENUS_SECRETS})
# Whether the decisions of a wave are taken is known to the same list until the results are public.
ETATS_DE_VAGUE_TENUS_SECRETS = frozenset({EtatVague.LABELLISEE, EtatVague.PUBLIEE})
# As the journal names them: whoever did one of these on a file does not decide on it (design, invariant 7).
ACTES_D_INSTRUCTION = (
    "constater_recevabilite",
    "demander_correction",
    "declarer_irrecevable",
    "demander_avis",
    "rendre_avis",
    "proposer",
)
