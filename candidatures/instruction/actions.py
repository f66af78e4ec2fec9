"""Instruction of a file once its wave is closed: proposal, conflicts of interest."""

from datetime import datetime

from django.db import transaction

from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import SensDecision
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.avis.actions.fins import revoquer_pour_conflit
from candidatures.instruction.models import DeclarationInteret, Proposition
from candidatures.instruction.regles import EVALUE, NATURE_DU_CONFLIT
from candidatures.instruction.requetes import empechement_de_proposer
from candidatures.instruction.tenue import instruire, tenir
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

REFUS = {
    **phrases_de(DeclarationInteret, "declaration_interet_unique"),
    "auteur_etranger_au_dossier": "Cette personne participe au dossier, ou y a participé : elle n’intervient pas "
    "dans son instruction.",
    "auteur_sans_conflit": "Un conflit d’intérêts est déclaré sur ce dossier : cette personne n’y intervient plus.",
    "proposition_avant_la_decision": "La décision est prise sur ce dossier\u00a0: rien ne peut plus être proposé.",
    "proposant_n_evalue_pas": EVALUE,
    "proposition_motivee": "Une proposition se motive : écrivez pourquoi.",
}


class PropositionRevisee(RegleEnfreinte):
    """Someone else proposed since the page was opened; `actuelle` is what they proposed."""

    def __init__(self, actuelle: Proposition) -> None:
        super().__init__(
            f"{actuelle.auteur} a enregistré une proposition le {instant_fr(actuelle.faite_le)}, depuis que vous avez "
            "ouvert cette page. Rien n’a été remplacé."
        )
        self.actuelle = actuelle


def proposer(
    *,
    candidature: Candidature,
    sens: SensDecision,
    motif: str,
    auteur: Utilisateur,
    maintenant: datetime,
    revision: int = 0,
) -> Proposition:
    """Propose a decision to the valideur; a later proposal replaces it until the decisions of the wave are taken.

    `revision` is that of the proposal which `auteur` has read, 0 when there was none: a colleague's, made since, is
    never replaced unread (`PropositionRevisee`).
    """
    if not motif.strip():
        raise RegleEnfreinte(REFUS["proposition_motivee"])
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_de_proposer(dossier):
            raise RegleEnfreinte(refus)
        actuelle = Proposition.objects.filter(candidature=dossier).select_related("auteur").first()
        if actuelle is not None and actuelle.revision != revision:
            if (actuelle.auteur, actuelle.sens, actuelle.motif) == (auteur, sens, motif.strip()):
                # The same request twice.
                return actuelle
            raise PropositionRevisee(actuelle)
        appliquer(
            dossier, ActeDuDossier.PROPOSER, acteur=auteur, maintenant=maintenant, sens=sens, motif=motif.strip()
        )
        proposition = actuelle or Proposition(candidature=dossier, revision=0)
        proposition.sens, proposition.motif = sens, motif.strip()
        proposition.auteur, proposition.faite_le = auteur, maintenant
        proposition.revision += 1
        proposition.save()
    return proposition


def declarer_interet(
    *, candidature: Candidature, utilisateur: Utilisateur, motif: str, maintenant: datetime
) -> DeclarationInteret:
    """Declare a conflict of interest: for good, `utilisateur` neither reads this file nor acts on it.

    An opinion that was asked of them will not come: the request is revoked, and whoever made it is told.
    """
    if not motif.strip():
        raise RegleEnfreinte(NATURE_DU_CONFLIT)
    with traduire(REFUS), transaction.atomic():
        dossier = tenir(candidature)
        # Before the declaration: from then on nothing that bears this person's name may change.
        revoquer_pour_conflit(dossier=dossier, expert=utilisateur, maintenant=maintenant)
        declaration = DeclarationInteret.objects.create(
            candidature=dossier, utilisateur=utilisateur, motif=motif.strip(), declaree_le=maintenant
        )
        consigner(ActeDInstruction.DECLARER_INTERET, dossier, acteur=utilisateur, fait_le=maintenant)
    return declaration
