"""Who evaluates a file: entrusted, relieved; and from when everybody reads what they say."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import connection, transaction

from candidatures.dossier.actions.ecriture import tenir
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation import regles, verite
from candidatures.evaluation.actes import ActeSurLesEvaluateurs
from candidatures.evaluation.etats import FinDEvaluateur
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.requetes import empechement_de_confier, situation
from candidatures.instruction.acces import lus_en_entier_par
from candidatures.instruction.regles import PLUS_EN_INSTRUCTION
from rebond.comptes.habilitations import tient_le_role
from rebond.socle.bdd.contraintes import phrases_de, traduire
from rebond.socle.courriers.envoi import mettre_en_file
from rebond.socle.courriers.redaction import Lettre
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.journal.actions import consigner
from rebond.socle.utilisateur import Utilisateur
from territoires.etats import Role

# An evaluator and whoever proposes are never one person: the same sentence on both sides.
A_PROPOSE = "Cette personne a proposé une décision sur ce dossier\u00a0: elle ne l’évalue pas."
HORS_DU_PERIMETRE = "Cette personne n’instruit pas les dossiers de ce territoire."
PAS_LU = "Vous ne lisez pas ce dossier en entier\u00a0: vous n’en confiez pas l’évaluation."
REFUS = {
    **phrases_de(Evaluateur, "evaluateur_une_seule_fois"),
    "evaluateur_d_un_dossier_en_cours": PLUS_EN_INSTRUCTION,
    "evaluateur_dans_le_perimetre": HORS_DU_PERIMETRE,
    "evaluateur_par_un_tiers": PAS_LU,
    "evaluateur_avant_l_ouverture": regles.DEJA_OUVERTES,
    "evaluateur_n_a_pas_propose": A_PROPOSE,
    "auteur_sans_conflit": "Cette personne a déclaré un conflit d’intérêts sur ce dossier\u00a0: elle ne peut "
    "pas l’évaluer.",
    "auteur_etranger_au_dossier": "Cette personne participe au dossier, ou y a participé\u00a0: elle ne l’évalue pas.",
}


def confier(
    *, candidature: Candidature, personnes: Sequence[Utilisateur], auteur: Utilisateur, maintenant: datetime
) -> list[Evaluateur]:
    """Entrust the evaluation of a file to `personnes`, all or none, and tell each by letter.

    Raises `RegleEnfreinte` when `auteur` neither instructs nor decides there, when its evaluations are read already,
    or when one of them does not instruct there, has an interest in the file or proposed a decision on it.
    """
    with traduire(REFUS), transaction.atomic():
        confies = _confier(candidature, personnes, auteur, maintenant)
        _prevenir(confies)
    return confies


def confier_lot(
    *, choix: Mapping[int, Sequence[int]], auteur: Utilisateur, maintenant: datetime
) -> tuple[int, list[str]]:
    """Entrust each file (its key) to the people (theirs) that `auteur` has read beside it; one letter a person.

    Return how many were, and one sentence for each that could not be: what stops one file stops no other. A file that
    `auteur` does not read whole is left out, as one that does not exist.
    """
    gens = Utilisateur.objects.in_bulk({personne for personnes in choix.values() for personne in personnes})
    confies: list[Evaluateur] = []
    refus: list[str] = []
    with transaction.atomic():
        for dossier in lus_en_entier_par(auteur).filter(pk__in=choix).pour_liste().order_by("pk"):
            personnes = [gens[cle] for cle in choix[dossier.pk] if cle in gens]
            try:
                with traduire(REFUS), transaction.atomic():
                    confies += _confier(dossier, personnes, auteur, maintenant)
            except RegleEnfreinte as erreur:
                refus.append(f"{dossier.reference}\u00a0: {erreur.message}")
        _prevenir(confies)
    return len({un.candidature_id for un in confies}), refus


def _confier(
    candidature: Candidature, personnes: Sequence[Utilisateur], auteur: Utilisateur, maintenant: datetime
) -> list[Evaluateur]:
    dossier = _tenir(candidature, auteur)
    if refus := empechement_de_confier(dossier, dossier.etat):
        raise RegleEnfreinte(refus)
    confies = [
        Evaluateur.objects.create(candidature=dossier, personne=personne, confie_par=auteur, confie_le=maintenant)
        for personne in personnes
    ]
    for personne in personnes:
        consigner(
            ActeSurLesEvaluateurs.CONFIER_L_EVALUATION,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            personne=str(personne),
        )
    return confies


def retirer(*, evaluateur: Evaluateur, motif: str, auteur: Utilisateur, maintenant: datetime) -> Evaluateur:
    """Relieve somebody of the evaluation of a file, for a reason; what they said of it, if anything, counts no more.

    It is the same whether they had rendered it or not: nobody learns which. Raises `RegleEnfreinte` without a
    `motif`, and once the evaluations of the file are read by all.
    """
    if not motif.strip():
        raise RegleEnfreinte("Écrivez pourquoi cette personne n’évalue plus ce dossier.")
    with traduire(REFUS), transaction.atomic():
        dossier = _tenir(evaluateur.candidature, auteur)
        if refus := regles.empechement_de_retirer(ouvertes=situation(dossier)["ouvertes"]):
            raise RegleEnfreinte(refus)
        lu = Evaluateur.objects.en_cours().filter(pk=evaluateur.pk).select_related("personne").first()
        if lu is None:
            raise RegleEnfreinte("Cette personne n’évalue plus ce dossier.")
        lu.retire_le, lu.retire_par, lu.fin = maintenant, auteur, FinDEvaluateur.RETIRE
        lu.motif = motif.strip()
        lu.save(update_fields=["retire_le", "retire_par", "fin", "motif"])
        consigner(
            ActeSurLesEvaluateurs.RETIRER_L_EVALUATION,
            dossier,
            acteur=auteur,
            fait_le=maintenant,
            personne=str(lu.personne),
            motif=lu.motif,
        )
    return lu


def ouvrir_apres_la_phase() -> int:
    """Open to all who read them the evaluations of the waves whose phase is over; return of how many files."""
    with transaction.atomic(), connection.cursor() as curseur:
        curseur.execute(verite.OUVRIR_APRES_LA_PHASE)
        ouverts: int = curseur.rowcount
    return ouverts


def _tenir(candidature: Candidature, auteur: Utilisateur) -> Candidature:
    """The locked file, once `auteur` is known to instruct it or to decide on it."""
    dossier = tenir(candidature)
    if not tient_le_role(auteur, Role.INSTRUCTEUR, Role.VALIDEUR):
        raise RegleEnfreinte("Seul un instructeur ou un valideur confie l’évaluation d’un dossier.")
    if not lus_en_entier_par(auteur).filter(pk=dossier.pk).exists():
        raise RegleEnfreinte(PAS_LU)
    return dossier


def _prevenir(confies: Sequence[Evaluateur]) -> None:
    """One letter a person, whatever the number of files."""
    par_personne: dict[Utilisateur, list[Evaluateur]] = defaultdict(list)
    for confie in confies:
        par_personne[confie.personne].append(confie)
    for personne, siens in par_personne.items():
        dossiers = [confie.candidature for confie in siens]
        mettre_en_file(
            Lettre(
                gabarit="evaluation/confiee",
                valeurs={
                    "dossiers": [(dossier.reference, dossier.territoire.nom) for dossier in dossiers],
                    "nombre": len(dossiers),
                },
                cle=f"evaluation-confiee-{min(confie.pk for confie in siens)}",
                destinataire=personne.email,
                demonstration=any(dossier.demonstration for dossier in dossiers),
            )
        )
