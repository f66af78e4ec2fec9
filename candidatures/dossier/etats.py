"""States of a file, and the only passages between them."""

from django.db import models

from candidatures.dossier.actes import ActeDuDossier
from rebond.socle.etats.table import Table, Transition


class EtatCandidature(models.TextChoices):
    BROUILLON = "brouillon", "Brouillon"
    DEPOSEE = "deposee", "Déposée"
    EN_INSTRUCTION = "en_instruction", "En instruction"
    CORRECTION_DEMANDEE = "correction_demandee", "Correction demandée"
    IRRECEVABLE = "irrecevable", "Irrecevable"
    INSTRUITE = "instruite", "Proposition enregistrée"
    LAUREATE = "laureate", "Lauréate"
    NON_RETENUE = "non_retenue", "Non retenue"
    AJOURNEE = "ajournee", "Ajournée à une prochaine période de dépôt"
    RETIREE = "retiree", "Retirée"


class Qualite(models.TextChoices):
    """What a person may do in one file."""

    PORTEUR = "porteur", "Responsable du dossier"
    CO_PORTEUR = "co_porteur", "Coresponsable"
    LECTEUR = "lecteur", "Lecteur"


class Source(models.TextChoices):
    PORTAIL = "portail", "Déposé sur le portail"
    ECHEANCE = "echeance", "Déposé par le portail à l’échéance, à la demande du responsable du dossier"
    REPRISE = "reprise", "Repris d’un autre système"


class NatureMembre(models.TextChoices):
    """What an authority of a grouping is."""

    EPCI = "epci", "Intercommunalité"
    PETR = "petr", "Pôle d’équilibre territorial et rural"


class GenreDeLien(models.TextChoices):
    """What a secret link opens, without an account."""

    LECTURE = "lecture", "Lire le dossier"
    PIECE = "piece", "Envoyer le document d’une collectivité"
    ACCORD = "accord", "Donner le bon pour dépôt d’une collectivité"


class SensDecision(models.TextChoices):
    LABELLISER = "labelliser", "Labelliser"
    NE_PAS_RETENIR = "ne_pas_retenir", "Ne pas retenir"
    AJOURNER = "ajourner", "Ajourner à une prochaine vague"


E = EtatCandidature

# How a file may have ended in the system that it was taken over from.
ETATS_REPRIS = (E.LAUREATE, E.NON_RETENUE, E.AJOURNEE)

TRANSITIONS_CANDIDATURE = Table(
    Transition(
        ActeDuDossier.DEPOSER,
        frozenset({E.BROUILLON, E.DEPOSEE}),
        E.DEPOSEE,
        "Ce dossier ne peut plus être déposé.",
    ),
    Transition(
        ActeDuDossier.RETIRER,
        frozenset({E.BROUILLON, E.DEPOSEE}),
        E.RETIREE,
        "Ce dossier ne peut plus être retiré\u00a0: son instruction a commencé, ou il l’a déjà été.",
    ),
    Transition(
        ActeDuDossier.OUVRIR_INSTRUCTION,
        frozenset({E.DEPOSEE}),
        E.EN_INSTRUCTION,
        "Seul un dossier déposé passe en instruction.",
    ),
    Transition(
        ActeDuDossier.DEMANDER_CORRECTION,
        frozenset({E.EN_INSTRUCTION}),
        E.CORRECTION_DEMANDEE,
        "Une correction ne se demande que sur un dossier en instruction.",
    ),
    Transition(
        ActeDuDossier.RENDRE_CORRECTION,
        frozenset({E.CORRECTION_DEMANDEE}),
        E.EN_INSTRUCTION,
        "Aucune correction n’est attendue sur ce dossier.",
    ),
    Transition(
        ActeDuDossier.FERMER_CORRECTION,
        frozenset({E.CORRECTION_DEMANDEE}),
        E.EN_INSTRUCTION,
        "Aucune correction n’est attendue sur ce dossier.",
    ),
    Transition(
        ActeDuDossier.SIGNER_IRRECEVABILITE,
        frozenset({E.EN_INSTRUCTION}),
        E.IRRECEVABLE,
        "La recevabilité ne se constate que sur un dossier en instruction.",
    ),
    Transition(
        ActeDuDossier.PROPOSER,
        frozenset({E.EN_INSTRUCTION, E.INSTRUITE}),
        E.INSTRUITE,
        "Une proposition ne se fait que sur un dossier en instruction, avant la décision.",
    ),
    Transition(
        ActeDuDossier.LABELLISER,
        frozenset({E.INSTRUITE}),
        E.LAUREATE,
        "Seul un dossier instruit peut être labellisé.",
    ),
    Transition(
        ActeDuDossier.NE_PAS_RETENIR,
        frozenset({E.INSTRUITE}),
        E.NON_RETENUE,
        "Seul un dossier instruit peut être écarté.",
    ),
    Transition(
        ActeDuDossier.AJOURNER,
        frozenset({E.INSTRUITE}),
        E.AJOURNEE,
        "Seul un dossier instruit peut être ajourné.",
    ),
    # Decided in the system that the file was taken over from.
    *(
        Transition(
            ActeDuDossier.de(f"reprendre_{etat}"),
            frozenset({E.EN_INSTRUCTION}),
            etat,
            "Ce dossier n’est pas en instruction.",
        )
        for etat in ETATS_REPRIS
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
