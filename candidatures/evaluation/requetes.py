"""What is read of evaluations: one's own at any time, the others' once they are open to all."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db import connection
from django.db.models import Case, Count, Exists, Min, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import JSONObject

from candidatures.cahier import Critere
from candidatures.depot.models import Depot
from candidatures.dossier.models.dossiers import Candidature
from candidatures.evaluation import regles, verite
from candidatures.evaluation.etats import ETATS_A_RENDRE, EtatDEvaluation
from candidatures.evaluation.models.evaluateurs import Evaluateur
from candidatures.evaluation.models.evaluations import Evaluation, Note, OuvertureDesEvaluations
from candidatures.instruction.acces import a_instruire_par
from candidatures.instruction.correction.models import DemandeDeCorrection
from candidatures.instruction.suivi import notes
from candidatures.vagues.etats import NatureDePhase
from candidatures.vagues.models.phases import PhaseVague
from rebond.socle.utilisateur import Utilisateur


@dataclass(frozen=True)
class LigneDeGrille:
    """One criterion, and what each evaluator says of it (value and reason), in their order; None for an abstention."""

    critere: Critere
    notes: tuple[dict[str, Any] | None, ...]


@dataclass(frozen=True)
class EvaluationsLues:
    """What one person reads of the evaluations of a file.

    `evaluateurs` are those to whom it is entrusted. `courantes` those that count, once `ouvertes`; `remplacees` what
    they replaced, `sorties` what counts no more since a conflict was declared. `mienne`: that of whoever reads, with
    their last one `rendue`, or their `brouillon`; `a_juge` when they propose nothing on it.
    """

    evaluateurs: list[Evaluateur]
    mienne: Evaluateur | None
    ouvertes: bool
    rendue: Evaluation | None
    brouillon: Evaluation | None
    courantes: list[Evaluation]
    remplacees: list[Evaluation]
    sorties: list[Evaluation]
    lignes: list[LigneDeGrille]
    synthese: regles.Synthese | None
    a_juge: bool


def evaluations_lues(dossier: Candidature, personne: Utilisateur) -> EvaluationsLues:
    """`dossier` comes with its `cahier`, and is read whole by `personne`; two statements."""
    ouverture = OuvertureDesEvaluations.objects.filter(candidature=OuterRef("candidature"))
    faites = Evaluation.objects.rendues().filter(evaluateur=OuterRef("pk"))
    gens: list[Any] = list(
        Evaluateur.objects.filter(candidature=dossier)
        .select_related("personne")
        .annotate(ouvertes=Exists(ouverture), a_rendu=Exists(faites))
    )
    ouvertes = any(un.ouvertes for un in gens)
    en_cours = [un for un in gens if un.retire_le is None]
    mienne = next((un for un in en_cours if un.personne == personne), None)
    lues = _evaluations(dossier, personne, ouvertes=ouvertes) if ouvertes or mienne else []
    siennes = [une for une in lues if mienne is not None and une.evaluateur_id == mienne.pk]
    rendues = [une for une in lues if une.rendue_le is not None] if ouvertes else []
    dernieres = {une.evaluateur_id: une for une in rendues}
    courantes = [dernieres[un.pk] for un in en_cours if un.pk in dernieres]
    scores = [une.points for une in courantes if une.points is not None]
    sur = next((une.sur for une in courantes if une.sur is not None), 0)
    return EvaluationsLues(
        evaluateurs=en_cours,
        mienne=mienne,
        ouvertes=ouvertes,
        rendue=next((une for une in reversed(siennes) if une.rendue_le is not None), None),
        brouillon=next((une for une in siennes if une.rendue_le is None), None),
        courantes=courantes,
        remplacees=[une for une in rendues if dernieres[une.evaluateur_id] is not une],
        sorties=[une for cle, une in dernieres.items() if une not in courantes],
        lignes=_lignes(dossier, courantes),
        synthese=regles.synthese(scores, sur),
        a_juge=any(un.personne == personne and (un.retire_le is None or un.a_rendu) for un in gens),
    )


def _evaluations(dossier: Candidature, personne: Utilisateur, *, ouvertes: bool) -> list[Any]:
    des_notes = Note.objects.filter(evaluation=OuterRef("pk")).order_by("pk")
    siennes = Q(auteur=personne)
    lisibles = Evaluation.objects.filter(Q(rendue_le__isnull=False) | siennes if ouvertes else siennes)
    objets = JSONObject(critere="critere", valeur="valeur", motif="motif")
    return list(
        lisibles.filter(candidature=dossier)
        .select_related("auteur")
        .annotate(notees=ArraySubquery(des_notes.values(objet=objets)))
        .avec_a_relire()
        .order_by("evaluateur", "rang")
    )


def _lignes(dossier: Candidature, courantes: Collection[Any]) -> list[LigneDeGrille]:
    par_critere = [{note["critere"]: note for note in une.notees} for une in courantes]
    return [
        LigneDeGrille(critere, tuple(_note(critere, notes.get(critere.cle)) for notes in par_critere))
        for critere in dossier.cahier.cahier.criteres
    ]


def _note(critere: Critere, note: dict[str, Any] | None) -> dict[str, Any] | None:
    if note is None or note["valeur"] is None:
        return None
    niveau = critere.niveau(note["valeur"])
    return note | {
        "phrase": niveau.phrase if niveau else "",
        "sous_le_plancher": critere.sous_le_plancher(note["valeur"]),
    }


def lu_maintenant(dossier: Candidature) -> tuple[int | None, int | None]:
    """The keys of the deposit that counts and of the last correction that was given back: what is read of a file."""
    depot = Depot.objects.filter(candidature=dossier).order_by("-rang").values_list("pk", flat=True).first()
    corrections = DemandeDeCorrection.objects.filter(candidature=dossier, rendue_le__isnull=False)
    return depot, corrections.order_by("-rendue_le", "-pk").values_list("pk", flat=True).first()


def situation(dossier: Candidature) -> dict[str, bool]:
    """What the rules ask of a file, in one statement."""
    with connection.cursor() as curseur:
        curseur.execute(
            f"SELECT {notes.ouvertes('d.id')}, coalesce({verite.phase_finie('d.vague_id')}, false) "  # noqa: S608
            "FROM candidatures_candidature d WHERE d.id = %s",
            [dossier.pk],
        )
        ouvertes, finie = curseur.fetchone()
    return {"ouvertes": ouvertes, "phase_finie": finie, "grille": bool(dossier.cahier.cahier.criteres)}


def empechement_d_evaluer(dossier: Any, etat: str, *, rendue: bool) -> str | None:
    return regles.empechement_d_evaluer(etat, rendue=rendue, **situation(dossier))


def empechement_de_confier(dossier: Any, etat: str) -> str | None:
    return regles.empechement_de_confier(etat, **situation(dossier))


def evaluateur_de(dossier: Candidature, personne: Utilisateur) -> Evaluateur | None:
    """By which `personne` evaluates the file now."""
    return Evaluateur.objects.en_cours().filter(candidature=dossier, personne=personne).first()


def evalues_par(personne: Utilisateur) -> Any:
    """The keys of the files that `personne` evaluates, or of which they rendered an evaluation: they neither propose
    nor decide on them."""
    rendues = Evaluation.objects.rendues().filter(evaluateur=OuterRef("pk"))
    siens = Evaluateur.objects.filter(personne=personne).filter(Q(retire_le=None) | Q(Exists(rendues)))
    return siens.order_by().values("candidature")


def juge_deja(dossier: Candidature, personne: Utilisateur) -> bool:
    juge: bool = evalues_par(personne).filter(candidature=dossier).exists()
    return juge


def siennes(personne: Utilisateur) -> Any:
    """What is entrusted to `personne` on files that they instruct, each with its `avancement` for them
    (`EtatDEvaluation`) and when it was rendered (`rendue_le`)."""
    dernieres: Any = Evaluation.objects.rendues().avec_a_relire().filter(evaluateur=OuterRef("pk")).order_by("-rang")
    brouillons = Evaluation.objects.filter(evaluateur=OuterRef("pk"), rendue_le=None)
    evaluable = Q(candidature__suivi__etat__in=regles.ETATS_EVALUES)
    a_temps = evaluable & Q(candidature__suivi__evaluations_ouvertes=False)
    avancement = Case(
        When(~a_temps, rendue_le=None, then=Value(EtatDEvaluation.NON_RENDUE.value)),
        When(evaluable & Q(Exists(brouillons)), then=Value(EtatDEvaluation.BROUILLON.value)),
        When(rendue_le=None, then=Value(EtatDEvaluation.A_FAIRE.value)),
        When(evaluable, relire=True, then=Value(EtatDEvaluation.A_RELIRE.value)),
        default=Value(EtatDEvaluation.RENDUE.value),
    )
    phases = PhaseVague.objects.filter(vague=OuterRef("candidature__vague"), nature=NatureDePhase.EVALUATION)
    return (
        Evaluateur.objects.en_cours()
        .filter(personne=personne, candidature__in=a_instruire_par(personne).values("pk"))
        .annotate(
            rendue_le=Subquery(dernieres.values("rendue_le")[:1]),
            relire=Subquery(dernieres.values("a_relire")[:1]),
            avant_le=Subquery(phases.order_by("-fin").values("fin")[:1]),
        )
        .annotate(avancement=avancement)
    )


def a_rendre(personne: Utilisateur) -> dict[str, Any]:
    """How many evaluations await `personne` (`nombre`), and by when the first is to be rendered (`premiere`)."""
    attendues = siennes(personne).filter(avancement__in=ETATS_A_RENDRE).order_by()
    lues: dict[str, Any] = attendues.aggregate(nombre=Count("pk"), premiere=Min("avant_le"))
    return lues
