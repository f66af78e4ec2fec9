"""Instruction of a file once its wave is closed: admissibility, opinions, proposal, conflicts of interest.

Every act locks the file's row first, so that a declaration of interest and an act by the same person never cross.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from candidatures.depot.actions.tenue import laisser_la_place
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.etats import SensDecision
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import etat_connu_de
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.echanges.requetes import agents_a_prevenir
from candidatures.instruction.etats import SensAvis
from candidatures.instruction.models import Avis, DeclarationInteret, Proposition, Recevabilite
from candidatures.instruction.regles import (
    AVIS_REVOQUE,
    EVALUE,
    SOUS_RESERVE,
    empechement_de_consulter,
    empechement_de_declarer_recevable,
)
from candidatures.instruction.requetes import empechement_de_constater, empechement_de_proposer
from rebond.comptes.habilitations import a_le_role, perimetre_tenu
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role
from territoires.models import Territoire

REFUS = {
    **phrases_de(Avis, "avis_un_par_expert"),
    **phrases_de(DeclarationInteret, "declaration_interet_unique"),
    "auteur_etranger_au_dossier": "Cette personne participe au dossier, ou y a participé : elle n’intervient pas "
    "dans son instruction.",
    "avis_rendu_ou_revoque": AVIS_REVOQUE,
    "auteur_sans_conflit": "Un conflit d’intérêts est déclaré sur ce dossier : cette personne n’y intervient plus.",
    "recevable_sans_reserve": SOUS_RESERVE,
    "irrecevabilite_motivee": "Une irrecevabilité se motive : écrivez pourquoi.",
    "proposition_avant_la_decision": "La décision est prise sur ce dossier : rien ne peut plus être proposé.",
    "proposant_n_evalue_pas": EVALUE,
    "proposition_motivee": "Une proposition se motive : écrivez pourquoi.",
}


def constater_recevabilite(
    *, candidature: Candidature, recevable: bool, motif: str, auteur: Utilisateur, maintenant: datetime
) -> Recevabilite:
    """Record, once, whether the file meets the conditions of the call; an inadmissible file leaves the instruction.

    Raises `RegleEnfreinte` when it is already recorded, an inadmissibility comes without its `motif`, or the file was
    received under reserve and would be admissible. Inadmissible, it leaves its territory to another file.
    """
    with _instruire(candidature, auteur) as dossier:
        if refus := empechement_de_constater(dossier):
            raise RegleEnfreinte(refus)
        if not recevable and not motif.strip():
            raise RegleEnfreinte(REFUS["irrecevabilite_motivee"])
        if recevable and (refus := empechement_de_declarer_recevable(sous_reserve=dossier.sous_reserve)):
            raise RegleEnfreinte(refus)
        constat = Recevabilite.objects.create(
            candidature=dossier, recevable=recevable, motif=motif.strip(), auteur=auteur, constatee_le=maintenant
        )
        if recevable:
            consigner(
                ActeDInstruction.CONSTATER_RECEVABILITE,
                dossier,
                acteur=auteur,
                fait_le=maintenant,
                motif=constat.motif,
            )
        else:
            appliquer(
                dossier, ActeDuDossier.DECLARER_IRRECEVABLE, acteur=auteur, maintenant=maintenant, motif=constat.motif
            )
            laisser_la_place(candidature=dossier, acteur=auteur, maintenant=maintenant)
    return constat


def demander_avis(
    *, candidature: Candidature, expert: Utilisateur, question: str, auteur: Utilisateur, maintenant: datetime
) -> Avis:
    """Put the file to `expert`, who from then on reads it, and tell them by letter.

    Raises `RegleEnfreinte` when that person is no expert, takes part in the file, has declared a conflict of interest
    on it, or has already been asked.
    """
    with _instruire(candidature, auteur) as dossier:
        if refus := empechement_de_consulter(dossier.etat):
            raise RegleEnfreinte(refus)
        if not a_le_role(expert, Role.EXPERT):
            raise RegleEnfreinte(f"{expert} n’a pas le rôle d’expert : son avis ne peut pas être demandé.")
        if Candidature.objects.de_son_territoire(expert).filter(pk=dossier.pk).exists():
            raise RegleEnfreinte(
                f"{expert} participe à ce dossier, ou y a participé\u00a0: son avis ne peut pas être demandé."
            )
        avis = Avis.objects.create(
            candidature=dossier, expert=expert, demande_par=auteur, demande_le=maintenant, question=question.strip()
        )
        consigner(ActeDInstruction.DEMANDER_AVIS, dossier, acteur=auteur, fait_le=maintenant, expert=str(expert))
        mettre_en_file(
            Lettre(
                gabarit="instruction/avis_demande",
                valeurs={"reference": dossier.reference, "territoire": dossier.territoire.nom},
                cle=f"avis-demande-{avis.pk}",
                destinataire=expert.email,
                demonstration=dossier.demonstration,
            )
        )
    return avis


def rendre_avis(
    *, candidature: Candidature, expert: Utilisateur, sens: SensAvis, texte: str, maintenant: datetime
) -> Avis:
    """Give, once, the opinion that was asked of `expert`; an instructeur of the file may give theirs unasked.

    What `expert` knows of the file judges, not what it has become: until the announcement an opinion that was asked
    for is received, with its date, even when the decision is already taken.
    """
    if not texte.strip():
        raise RegleEnfreinte("Un avis se motive : écrivez pourquoi.")
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir(candidature)
        avis = Avis.objects.filter(candidature=dossier, expert=expert).first()
        if avis is None:
            _exiger_instructeur(dossier, expert)
        if refus := empechement_de_consulter(etat_connu_de(expert, dossier, maintenant) or dossier.etat):
            raise RegleEnfreinte(refus)
        if avis is None:
            avis = Avis(candidature=dossier, expert=expert, demande_par=expert, demande_le=maintenant)
        elif refus := avis.empechement_de_rendre:
            raise RegleEnfreinte(refus)
        avis.sens, avis.texte, avis.rendu_le = sens, texte.strip(), maintenant
        avis.save()
        consigner(ActeDInstruction.RENDRE_AVIS, dossier, acteur=expert, fait_le=maintenant, sens=sens)
    return avis


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
    with _instruire(candidature, auteur) as dossier:
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
        raise RegleEnfreinte("Précisez en une phrase la nature du conflit d’intérêts.")
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir(candidature)
        # Before the declaration: from then on nothing that bears this person's name may change.
        _revoquer_l_avis(dossier, utilisateur, maintenant)
        declaration = DeclarationInteret.objects.create(
            candidature=dossier, utilisateur=utilisateur, motif=motif.strip(), declaree_le=maintenant
        )
        consigner(ActeDInstruction.DECLARER_INTERET, dossier, acteur=utilisateur, fait_le=maintenant)
    return declaration


def _revoquer_l_avis(dossier: Candidature, expert: Utilisateur, maintenant: datetime) -> None:
    demande = Avis.objects.attendus_de(expert).filter(candidature=dossier).select_related("demande_par").first()
    if demande is None:
        return
    demande.revoque_le = maintenant
    demande.save(update_fields=["revoque_le"])
    consigner(ActeDInstruction.REVOQUER_AVIS, dossier, acteur=expert, fait_le=maintenant, expert=str(expert))
    for agent in agents_a_prevenir(dossier, demande.demande_par):
        mettre_en_file(
            Lettre(
                gabarit="instruction/avis_revoque",
                valeurs={
                    "pk": dossier.pk,
                    "expert": expert,
                    "reference": dossier.reference,
                    "territoire": dossier.territoire.nom,
                },
                cle=f"avis-revoque-{demande.pk}-{agent.pk}",
                destinataire=agent.email,
                demonstration=dossier.demonstration,
            )
        )


@contextmanager
def _instruire(candidature: Candidature, auteur: Utilisateur) -> Iterator[Candidature]:
    """The locked file, once `auteur` is known to be one of its instructeurs."""
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir(candidature)
        _exiger_instructeur(dossier, auteur)
        yield dossier
        candidature.etat = dossier.etat


def _tenir(candidature: Candidature) -> Candidature:
    return (
        Candidature.objects.select_for_update(of=("self",))
        .select_related("vague", "territoire")
        .get(pk=candidature.pk)
    )


def _exiger_instructeur(dossier: Candidature, personne: Utilisateur) -> None:
    la = Territoire.objects.dans(perimetre_tenu(personne, Role.INSTRUCTEUR))
    if not la.filter(pk=dossier.territoire_id).exists():
        raise RegleEnfreinte("Vous n’instruisez pas les dossiers de ce territoire.")
    if Candidature.objects.de_son_territoire(personne).filter(pk=dossier.pk).exists():
        raise RegleEnfreinte("Vous participez à ce dossier, ou y avez participé : vous ne pouvez pas l’instruire.")
