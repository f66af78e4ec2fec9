"""Finding a file admissible; proposing that it is not, which a valideur signs or sends back."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import transaction

from candidatures.depot.actions.tenue import laisser_la_place
from candidatures.dossier.actes import ActeDuDossier
from candidatures.dossier.models.dossiers import Candidature
from candidatures.instruction.acces import lus_en_entier_par
from candidatures.instruction.actes import ActeDInstruction
from candidatures.instruction.avis.requetes import organisme_de
from candidatures.instruction.conditions.etats import Issue
from candidatures.instruction.conditions.models import ExamenDeRecevabilite, PropositionDIrrecevabilite
from candidatures.instruction.conditions.regles import (
    A_SIGNER,
    A_UN_AUTRE,
    AUCUNE,
    TOUTES,
    UN_VALIDEUR,
    Constats,
    empechement_de_recevoir,
    empechement_de_rejeter,
    lire,
    motif_compose,
    sans_mot,
    toutes_remplies,
)
from candidatures.instruction.models import Recevabilite
from candidatures.instruction.recevabilite.requetes import empechement_de_constater, empechement_de_signer
from candidatures.instruction.regles import SOUS_RESERVE, empechement_de_declarer_recevable
from candidatures.instruction.tenue import REFUS_D_INTERETS, instruire, tenir
from rebond.comptes.habilitations import tient_le_role
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.etats.passages import appliquer
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

EXAMEN_CHANGE = (
    "La vérification de ce dossier a été changée depuis que vous avez ouvert cette page. Rien n’a été remplacé, et ce "
    "que vous avez écrit est toujours ici."
)
REMPLACEE = "Cette irrecevabilité n’est plus celle que vous avez lue\u00a0: rouvrez le dossier."
MOT_MANQUANT = "Dites, d’un mot, pourquoi chaque condition non remplie ne l’est pas."
REFUS = {
    **REFUS_D_INTERETS,
    **phrases_de(
        PropositionDIrrecevabilite,
        "irrecevabilite_une_a_signer",
        "proposition_d_irrecevabilite_motivee",
        "irrecevabilite_renvoyee_dite",
        "irrecevabilite_signataire_dit",
    ),
    "recevable_sans_reserve": SOUS_RESERVE,
    "recevable_par_ses_conditions": TOUTES,
    "irrecevabilite_par_une_condition": AUCUNE,
    "irrecevabilite_a_signer": A_SIGNER,
    "irrecevabilite_close_par_un_autre": A_UN_AUTRE,
    "irrecevabilite_close_par_un_valideur": UN_VALIDEUR,
    "examen_revise_un_a_un": EXAMEN_CHANGE,
    "examen_en_cours": A_SIGNER,
}


def garder(
    *,
    candidature: Candidature,
    constats: Constats,
    motif: str,
    revision: int,
    auteur: Utilisateur,
    maintenant: datetime,
) -> ExamenDeRecevabilite:
    """Keep what is found so far. `revision`: that of the draft which was read, 0 when there was none; one that was
    changed since is never replaced (`RegleEnfreinte`). The same findings again change nothing."""
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_de_constater(dossier):
            raise RegleEnfreinte(refus)
        examen = ExamenDeRecevabilite.objects.filter(candidature=dossier).first()
        if examen is not None and (examen.constats, examen.motif) == (constats, motif):
            return examen
        _exiger_lu(examen, revision)
        if examen is None:
            examen = ExamenDeRecevabilite(candidature=dossier, revision=0)
        examen.constats, examen.motif = dict(constats), motif
        examen.ecrit_par, examen.ecrit_le = auteur, maintenant
        examen.revision += 1
        examen.save()
    return examen


def declarer_recevable(
    *,
    candidature: Candidature,
    auteur: Utilisateur,
    maintenant: datetime,
    constats: Constats | None = None,
    revision: int | None = None,
) -> Recevabilite:
    """Find the file admissible, once: every condition of its specifications is met (`constats`; None says so of all).

    `revision` is that of the draft which was read; None asks nothing. Raises `RegleEnfreinte` when a condition is not
    met, when it is already found, when an inadmissibility is proposed, or when the file was received under reserve.
    """
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_de_constater(dossier):
            raise RegleEnfreinte(refus)
        if refus := empechement_de_declarer_recevable(sous_reserve=dossier.sous_reserve):
            raise RegleEnfreinte(refus)
        conditions = dossier.cahier.cahier.recevabilite
        lus = toutes_remplies(conditions) if constats is None else constats
        if refus := empechement_de_recevoir(lire(conditions, lus)):
            raise RegleEnfreinte(refus)
        _conclure_l_examen(dossier, revision)
        constat = Recevabilite.objects.create(
            candidature=dossier, recevable=True, auteur=auteur, constatee_le=maintenant, constats=dict(lus)
        )
        consigner(ActeDInstruction.CONSTATER_RECEVABILITE, dossier, acteur=auteur, fait_le=maintenant)
    return constat


def proposer_irrecevabilite(
    *,
    candidature: Candidature,
    constats: Constats,
    motif: str,
    auteur: Utilisateur,
    maintenant: datetime,
    revision: int | None = None,
) -> PropositionDIrrecevabilite:
    """Propose that the file is inadmissible: a condition at least is not met, and a word says why.

    The file goes on being instructed for whoever is not on the list of those who know, until a valideur signs. `motif`
    adds to what the territory will read; it is all of it under specifications that have no conditions. `revision` as
    in `declarer_recevable`. Raises `RegleEnfreinte`.
    """
    with instruire(candidature, auteur, REFUS) as dossier:
        if refus := empechement_de_constater(dossier):
            raise RegleEnfreinte(refus)
        lues = lire(dossier.cahier.cahier.recevabilite, constats)
        if refus := empechement_de_rejeter(lues):
            raise RegleEnfreinte(refus)
        if sans_mot(lues):
            raise RegleEnfreinte(MOT_MANQUANT)
        compose = motif_compose(lues, motif)
        if not compose:
            raise RegleEnfreinte(REFUS["proposition_d_irrecevabilite_motivee"])
        _conclure_l_examen(dossier, revision)
        proposee = PropositionDIrrecevabilite.objects.create(
            candidature=dossier, constats=dict(constats), motif=compose, auteur=auteur, proposee_le=maintenant
        )
        consigner(ActeDInstruction.PROPOSER_IRRECEVABILITE, dossier, acteur=auteur, fait_le=maintenant, motif=compose)
    return proposee


def signer_irrecevabilite(
    *, candidature: Candidature, lue: int, qualite: str, valideur: Utilisateur, maintenant: datetime
) -> Recevabilite:
    """Sign the inadmissibility that was read (`lue`, its key): the file leaves the instruction, and its territory to
    another file. Who signed is kept with it: name, quality, service.

    Raises `RegleEnfreinte` for whoever is no valideur or took part in the instruction of the file.
    """
    if not qualite.strip():
        raise RegleEnfreinte(REFUS["irrecevabilite_signataire_dit"])
    with _tenir_la_proposition(candidature, lue, valideur) as proposee:
        dossier = proposee.candidature
        organisme = organisme_de(valideur, Role.VALIDEUR)
        proposee.issue, proposee.close_le, proposee.close_par = Issue.SIGNEE, maintenant, valideur
        proposee.signataire, proposee.qualite = str(valideur), qualite.strip()
        proposee.service = organisme.nom if organisme else ""
        proposee.save()
        constat = Recevabilite.objects.create(
            candidature=dossier,
            recevable=False,
            motif=proposee.motif,
            auteur=proposee.auteur,
            constatee_le=maintenant,
            constats=proposee.constats,
            irrecevabilite=proposee,
        )
        appliquer(
            dossier,
            ActeDuDossier.SIGNER_IRRECEVABILITE,
            acteur=valideur,
            maintenant=maintenant,
            motif=proposee.motif,
            signataire=proposee.signature,
        )
        laisser_la_place(candidature=dossier, acteur=valideur, maintenant=maintenant)
        candidature.etat = dossier.etat
    return constat


def renvoyer_irrecevabilite(
    *, candidature: Candidature, lue: int, mot: str, valideur: Utilisateur, maintenant: datetime
) -> PropositionDIrrecevabilite:
    """Send the inadmissibility that was read back to whoever proposed it, with a word: they go on from what they had
    found. Their dashboard tells them: a letter would be counted, and named, where those who may not know read letters.
    Raises `RegleEnfreinte` as `signer_irrecevabilite` does."""
    if not mot.strip():
        raise RegleEnfreinte(REFUS["irrecevabilite_renvoyee_dite"])
    with _tenir_la_proposition(candidature, lue, valideur) as proposee:
        dossier = proposee.candidature
        proposee.issue, proposee.close_le, proposee.close_par = Issue.RENVOYEE, maintenant, valideur
        proposee.mot = mot.strip()
        proposee.save()
        consigner(
            ActeDInstruction.RENVOYER_IRRECEVABILITE, dossier, acteur=valideur, fait_le=maintenant, motif=proposee.mot
        )
    return proposee


@contextmanager
def _tenir_la_proposition(
    candidature: Candidature, lue: int, valideur: Utilisateur
) -> Iterator[PropositionDIrrecevabilite]:
    """The file, then the inadmissibility that waits on it, locked in that order."""
    with traduire(REFUS), transaction.atomic():
        dossier = tenir(candidature)
        if not tient_le_role(valideur, Role.VALIDEUR):
            raise RegleEnfreinte(UN_VALIDEUR)
        if not lus_en_entier_par(valideur).filter(pk=dossier.pk).exists():
            raise RegleEnfreinte(REFUS_D_INTERETS["auteur_sans_conflit"])
        if refus := empechement_de_signer(dossier, valideur):
            raise RegleEnfreinte(refus)
        attendues = PropositionDIrrecevabilite.objects.a_signer().select_related("auteur")
        proposee = attendues.select_for_update(of=("self",)).get(candidature=dossier)
        if proposee.pk != lue:
            raise RegleEnfreinte(REMPLACEE)
        proposee.candidature = dossier
        yield proposee


def _exiger_lu(examen: ExamenDeRecevabilite | None, revision: int | None) -> None:
    if revision is not None and (examen.revision if examen else 0) != revision:
        raise RegleEnfreinte(EXAMEN_CHANGE)


def _conclure_l_examen(dossier: Candidature, revision: int | None) -> None:
    """The draft goes with what it leads to."""
    _exiger_lu(ExamenDeRecevabilite.objects.filter(candidature=dossier).first(), revision)
    ExamenDeRecevabilite.objects.filter(candidature=dossier).delete()
