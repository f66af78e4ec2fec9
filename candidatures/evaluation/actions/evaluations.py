"""One's own evaluation of a file: saved as often as one likes, rendered once, replaced for a reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation import regles
from candidatures.evaluation.actes import ActeDEvaluation
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.models.evaluations import Evaluation, Note
from candidatures.evaluation.requetes import empechement_d_evaluer, evaluateur_de, lu_maintenant
from candidatures.instruction.acces import a_instruire_par
from rebond.socle.bdd.contraintes import traduire
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.texte.typographie import instant_fr
from rebond.socle.utilisateur import Utilisateur

REFUS = {
    "evaluation_par_un_evaluateur": regles.PAS_EVALUATEUR,
    "evaluation_avant_la_decision": regles.DECIDE,
    "evaluation_dans_la_phase": regles.PHASE_FINIE,
    "evaluation_remplacee_pour_une_raison": regles.RAISON_DU_REMPLACEMENT,
    "evaluation_de_ce_qui_est_depose": regles.A_RELIRE,
    "evaluation_de_tous_les_criteres": "Donnez une note à chaque critère, ou abstenez-vous en disant pourquoi.",
    "note_extreme_motivee": "Une note tout en bas, tout en haut ou sous le minimum s’explique\u00a0: dites pourquoi.",
    "auteur_sans_conflit": "Vous avez déclaré un conflit d’intérêts sur ce dossier\u00a0: vous ne l’évaluez plus.",
    "auteur_etranger_au_dossier": "Vous participez à ce dossier, ou y avez participé\u00a0: vous ne l’évaluez pas.",
}


@dataclass(frozen=True)
class Saisie:
    """What somebody typed: by criterion a note, if any, and its reason. `revision` is that of the draft which their
    page showed, `lu` the deposit and the correction that it showed."""

    notes: Mapping[str, tuple[int | None, str]] = field(default_factory=dict)
    commentaire: str = ""
    motif: str = ""
    revision: int = 0
    lu: tuple[int | None, int | None] = (None, None)


class BrouillonEnregistreAilleurs(RegleEnfreinte):
    """The draft was saved from another page since; `revision` is what it is now."""

    def __init__(self, brouillon: Evaluation) -> None:
        super().__init__(
            f"Votre brouillon a été enregistré le {instant_fr(brouillon.modifiee_le)} depuis une autre page. Rien n’a "
            "été remplacé\u00a0: pour garder ce qui est écrit ici, enregistrez de nouveau."
        )
        self.revision = brouillon.revision


class DossierChange(RegleEnfreinte):
    """The territory gave a correction back since the page was opened; `lu` is what there is to read now."""

    def __init__(self, lu: tuple[int | None, int | None]) -> None:
        super().__init__(regles.A_RELIRE)
        self.lu = lu


def enregistrer(*, candidature: Candidature, auteur: Utilisateur, saisie: Saisie, maintenant: datetime) -> Evaluation:
    """Keep what `auteur` has typed so far, whole or not; nobody else ever reads it.

    Raises `BrouillonEnregistreAilleurs` when another page of theirs saved since, `RegleEnfreinte` when they may not
    evaluate the file now.
    """
    with traduire(REFUS), transaction.atomic():
        _, brouillon = _brouillon(candidature, auteur, maintenant)
        return _ecrire(brouillon, saisie, maintenant)


def rendre(*, candidature: Candidature, auteur: Utilisateur, saisie: Saisie, maintenant: datetime) -> Evaluation:
    """Render the evaluation, for ever: Postgres judges that it is whole, and counts its points.

    Raises what `enregistrer` raises, `DossierChange` when the file is not what was read any more, and
    `RegleEnfreinte` when a criterion has no note, a note no reason that it needs, a replacement none either.
    """
    with traduire(REFUS), transaction.atomic():
        dossier, brouillon = _brouillon(candidature, auteur, maintenant)
        if (lu := lu_maintenant(dossier)) != saisie.lu:
            raise DossierChange(lu)
        _ecrire(brouillon, saisie, maintenant)
        brouillon.depot_id, brouillon.correction_id = lu
        return _conclure(brouillon, auteur, maintenant)


def s_abstenir(*, candidature: Candidature, auteur: Utilisateur, motif: str, maintenant: datetime) -> Evaluation:
    """Say, once and for all, why `auteur` gives no note; their draft goes."""
    if not motif.strip():
        raise RegleEnfreinte(regles.RAISON_DE_L_ABSTENTION)
    with traduire(REFUS), transaction.atomic():
        dossier, brouillon = _brouillon(candidature, auteur, maintenant)
        Note.objects.filter(evaluation=brouillon).delete()
        brouillon.abstention, brouillon.commentaire = motif.strip(), ""
        if brouillon.rang > 1:
            brouillon.motif = motif.strip()
        brouillon.depot_id, brouillon.correction_id = lu_maintenant(dossier)
        return _conclure(brouillon, auteur, maintenant)


def _brouillon(candidature: Candidature, auteur: Utilisateur, maintenant: datetime) -> tuple[Candidature, Evaluation]:
    """The locked file, and the draft of `auteur` on it, begun if there is none."""
    dossier = tenir(candidature)
    evaluateur = evaluateur_de(dossier, auteur)
    if evaluateur is None or not a_instruire_par(auteur).filter(pk=dossier.pk).exists():
        raise RegleEnfreinte(regles.PAS_EVALUATEUR)
    derniere = Evaluation.objects.filter(evaluateur=evaluateur).order_by("rang").last()
    rendue = derniere is not None and (derniere.rendue_le is not None or derniere.rang > 1)
    if refus := empechement_d_evaluer(dossier, dossier.etat, rendue=rendue):
        raise RegleEnfreinte(refus)
    if derniere is not None and derniere.rendue_le is None:
        return dossier, derniere
    return dossier, _commencer(evaluateur, auteur, derniere.rang + 1 if derniere else 1, maintenant)


def _commencer(evaluateur: Evaluateur, auteur: Utilisateur, rang: int, maintenant: datetime) -> Evaluation:
    return Evaluation.objects.create(
        evaluateur=evaluateur,
        candidature_id=evaluateur.candidature_id,
        auteur=auteur,
        rang=rang,
        modifiee_le=maintenant,
    )


def _ecrire(brouillon: Evaluation, saisie: Saisie, maintenant: datetime) -> Evaluation:
    notes = [
        Note(evaluation=brouillon, critere=critere, valeur=valeur, motif=motif.strip())
        for critere, (valeur, motif) in saisie.notes.items()
    ]
    if brouillon.revision != saisie.revision and not _est_pareil(brouillon, saisie):
        raise BrouillonEnregistreAilleurs(brouillon)
    Note.objects.bulk_create(
        notes, update_conflicts=True, unique_fields=["evaluation", "critere"], update_fields=["valeur", "motif"]
    )
    brouillon.commentaire, brouillon.motif = saisie.commentaire.strip(), saisie.motif.strip()
    brouillon.revision += 1
    brouillon.modifiee_le = maintenant
    brouillon.save(update_fields=["commentaire", "motif", "revision", "modifiee_le"])
    return brouillon


def _est_pareil(brouillon: Evaluation, saisie: Saisie) -> bool:
    """Whether the draft already says what is typed: the same request twice."""
    gardees = {note.critere: (note.valeur, note.motif) for note in brouillon.notes.all()}
    typees = {critere: (valeur, motif.strip()) for critere, (valeur, motif) in saisie.notes.items()}
    textes = (saisie.commentaire.strip(), saisie.motif.strip())
    return gardees == typees and (brouillon.commentaire, brouillon.motif) == textes


def _conclure(brouillon: Evaluation, auteur: Utilisateur, maintenant: datetime) -> Evaluation:
    brouillon.rendue_le = maintenant
    brouillon.save()
    brouillon.refresh_from_db()
    acte = ActeDEvaluation.REMPLACER_EVALUATION if brouillon.rang > 1 else ActeDEvaluation.RENDRE_EVALUATION
    if brouillon.abstention:
        acte = ActeDEvaluation.S_ABSTENIR
    consigner(acte, brouillon, acteur=auteur, fait_le=maintenant)
    return brouillon
