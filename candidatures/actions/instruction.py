"""Instruction of a file once its wave is closed: admissibility, opinions, proposal, conflicts of interest.

Every act locks the file's row first, so that a declaration of interest and an act by the same person never cross.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.conf import settings
from django.db import transaction

from candidatures.etats import SensAvis, SensDecision
from candidatures.models import (
    Avis,
    Candidature,
    DeclarationInteret,
    Participation,
    Proposition,
    Recevabilite,
)
from candidatures.regles import peut_constater, peut_instruire, peut_proposer
from rebond.socle.contraintes import traduire
from rebond.socle.courriers import mettre_en_file, objet_marque
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal import consigner
from rebond.socle.models import Utilisateur
from rebond.socle.transitions import appliquer
from territoires.etats import Role
from territoires.habilitations import a_le_role, perimetre
from territoires.models import Territoire

REFUS = {
    "auteur_sans_conflit": "Un conflit d’intérêts est déclaré sur ce dossier : cette personne n’y intervient plus.",
    "avis_un_par_expert": "L’avis de cette personne est déjà demandé sur ce dossier.",
    "declaration_interet_unique": "Vous avez déjà déclaré un conflit d’intérêts sur ce dossier.",
    "irrecevabilite_motivee": "Une irrecevabilité se motive : écrivez pourquoi.",
    "proposition_motivee": "Une proposition se motive : écrivez pourquoi.",
}


def constater_recevabilite(
    *, candidature: Candidature, recevable: bool, motif: str, auteur: Utilisateur, maintenant: datetime
) -> Recevabilite:
    """Record, once, whether the file meets the conditions of the call; an inadmissible file leaves the instruction.

    Raises `RegleEnfreinte` when it is already recorded, or an inadmissibility comes without its `motif`.
    """
    with _instruire(candidature, auteur) as dossier:
        constatee = Recevabilite.objects.filter(candidature=dossier).exists()
        if not peut_constater(dossier.etat, constatee=constatee):
            raise RegleEnfreinte("La recevabilité de ce dossier est déjà constatée, ou il n’est plus en instruction.")
        if not recevable and not motif.strip():
            raise RegleEnfreinte(REFUS["irrecevabilite_motivee"])
        constat = Recevabilite.objects.create(
            candidature=dossier, recevable=recevable, motif=motif.strip(), auteur=auteur, constatee_le=maintenant
        )
        if recevable:
            consigner("constater_recevabilite", dossier, acteur=auteur, fait_le=maintenant, motif=constat.motif)
        else:
            appliquer(dossier, "declarer_irrecevable", acteur=auteur, maintenant=maintenant, motif=constat.motif)
    return constat


def demander_avis(
    *, candidature: Candidature, expert: Utilisateur, question: str, auteur: Utilisateur, maintenant: datetime
) -> Avis:
    """Put the file to `expert`, who from then on reads it, and tell them by letter.

    Raises `RegleEnfreinte` when that person is no expert, takes part in the file, has declared a conflict of interest
    on it, or has already been asked.
    """
    with _instruire(candidature, auteur) as dossier:
        _exiger_en_instruction(dossier)
        if not a_le_role(expert, Role.EXPERT):
            raise RegleEnfreinte(f"{expert} n’a pas le rôle d’expert : son avis ne peut pas être demandé.")
        if Participation.objects.filter(candidature=dossier, utilisateur=expert).exists():
            raise RegleEnfreinte(f"{expert} participe à ce dossier : son avis ne peut pas être demandé.")
        avis = Avis.objects.create(
            candidature=dossier, expert=expert, demande_par=auteur, demande_le=maintenant, question=question.strip()
        )
        consigner("demander_avis", dossier, acteur=auteur, fait_le=maintenant, expert=str(expert))
        mettre_en_file(
            cle=f"avis-demande-{avis.pk}",
            destinataire=expert.email,
            objet=objet_marque(
                f"Votre avis est demandé sur le dossier {dossier.reference}", demonstration=dossier.demonstration
            ),
            texte=TEXTE_AVIS.format(
                reference=dossier.reference, territoire=dossier.territoire.nom, adresse=settings.ADRESSE_PUBLIQUE
            ),
        )
    return avis


def rendre_avis(
    *, candidature: Candidature, expert: Utilisateur, sens: SensAvis, texte: str, maintenant: datetime
) -> Avis:
    """Give, once, the opinion that was asked of `expert`; an instructeur of the file may give theirs unasked."""
    if not texte.strip():
        raise RegleEnfreinte("Un avis se motive : écrivez pourquoi.")
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir(candidature)
        _exiger_en_instruction(dossier)
        avis = Avis.objects.filter(candidature=dossier, expert=expert).first()
        if avis is None:
            _exiger_instructeur(dossier, expert)
            avis = Avis(candidature=dossier, expert=expert, demande_par=expert, demande_le=maintenant)
        elif avis.rendu_le is not None:
            raise RegleEnfreinte("Votre avis sur ce dossier est déjà rendu : il ne change plus.")
        avis.sens, avis.texte, avis.rendu_le = sens, texte.strip(), maintenant
        avis.save()
        consigner("rendre_avis", dossier, acteur=expert, fait_le=maintenant, sens=sens)
    return avis


def proposer(
    *, candidature: Candidature, sens: SensDecision, motif: str, auteur: Utilisateur, maintenant: datetime
) -> Proposition:
    """Propose a decision to the valideur; a later proposal replaces it until the decisions of the wave are taken."""
    if not motif.strip():
        raise RegleEnfreinte(REFUS["proposition_motivee"])
    with _instruire(candidature, auteur) as dossier:
        recevable = Recevabilite.objects.filter(candidature=dossier, recevable=True).exists()
        if peut_instruire(dossier.etat) and not peut_proposer(dossier.etat, recevable=recevable):
            raise RegleEnfreinte("Constatez d’abord la recevabilité de ce dossier.")
        appliquer(dossier, "proposer", acteur=auteur, maintenant=maintenant, sens=sens, motif=motif.strip())
        proposition, _ = Proposition.objects.update_or_create(
            candidature=dossier,
            defaults={"sens": sens, "motif": motif.strip(), "auteur": auteur, "faite_le": maintenant},
        )
    return proposition


def declarer_interet(
    *, candidature: Candidature, utilisateur: Utilisateur, motif: str, maintenant: datetime
) -> DeclarationInteret:
    """Declare a conflict of interest: for good, `utilisateur` neither reads this file nor acts on it."""
    if not motif.strip():
        raise RegleEnfreinte("Précisez en une phrase la nature du conflit d’intérêts.")
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir(candidature)
        declaration = DeclarationInteret.objects.create(
            candidature=dossier, utilisateur=utilisateur, motif=motif.strip(), declaree_le=maintenant
        )
        consigner("declarer_interet", dossier, acteur=utilisateur, fait_le=maintenant)
    return declaration


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


def _exiger_en_instruction(dossier: Candidature) -> None:
    if not peut_instruire(dossier.etat):
        raise RegleEnfreinte("Ce dossier n’est pas en instruction.")


def _exiger_instructeur(dossier: Candidature, personne: Utilisateur) -> None:
    la = Territoire.objects.dans(perimetre(personne, Role.INSTRUCTEUR))
    if not la.filter(pk=dossier.territoire_id).exists():
        raise RegleEnfreinte("Vous n’instruisez pas les dossiers de ce territoire.")
    if Participation.objects.filter(candidature=dossier, utilisateur=personne).exists():
        raise RegleEnfreinte("Vous participez à ce dossier : vous ne pouvez pas l’instruire.")


TEXTE_AVIS = """Bonjour,

Votre avis est demandé sur le dossier {reference} du territoire « {territoire} », candidat à « Rebond industriel ».

Lire le dossier et rendre votre avis : {adresse}/instruction/avis/

Si vous avez un intérêt dans ce dossier, déclarez-le depuis sa page : vous n’aurez plus à le lire.

L’équipe Rebond industriel
"""
