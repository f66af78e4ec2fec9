"""How many evaluate a file, what keeps them from it, and how a score is written: pure predicates."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from math import lcm
from statistics import median

from candidatures.dossier.etats import ETATS_EN_COURS, EtatCandidature
from candidatures.instruction.regles import PLUS_EN_INSTRUCTION
from candidatures.instruction.suivi.notes import SEUIL_DE_DESACCORD
from rebond.socle.bdd.jumeaux import jumeau_de
from rebond.socle.texte.typographie import nombre

# The ministry's to change: two instructeurs a file, as the design has it.
EVALUATEURS_PAR_DOSSIER = 2
ETATS_EVALUES = frozenset({*ETATS_EN_COURS, EtatCandidature.INSTRUITE})

DEJA_OUVERTES = (
    "Les évaluations de ce dossier sont déjà lues par tous\u00a0: personne ne peut plus les rejoindre ni les quitter."
)
PHASE_FINIE = "La phase d’évaluation de cette vague est finie\u00a0: une évaluation ne peut plus y être rendue."
SANS_GRILLE = "Le cahier des charges de cette vague n’a pas de grille\u00a0: ses dossiers ne s’y évaluent pas."
DECIDE = "La décision est prise sur ce dossier\u00a0: une évaluation ne peut plus y être rendue."
PAS_EVALUATEUR = "Ce dossier ne vous est pas confié pour évaluation."
RAISON_DU_REMPLACEMENT = "Écrivez pourquoi vous remplacez votre évaluation."
RAISON_DE_L_ABSTENTION = "Écrivez pourquoi vous vous abstenez."
A_RELIRE = (
    "Le dossier a changé depuis que vous avez ouvert cette page\u00a0: le territoire a rendu une correction. Vos "
    "notes sont gardées en brouillon. Relisez le dossier, puis rendez votre évaluation."
)


def empechement_d_evaluer(etat: str, *, rendue: bool, ouvertes: bool, phase_finie: bool, grille: bool) -> str | None:
    """Why somebody to whom the file is entrusted may not render their evaluation now; None when they may.

    The first one (nothing is `rendue`) comes before the others are read; one that replaces another, until the
    decision.
    """
    if etat not in ETATS_EVALUES:
        return PLUS_EN_INSTRUCTION
    if not grille:
        return SANS_GRILLE
    if rendue:
        return None
    return PHASE_FINIE if ouvertes or phase_finie else None


def empechement_de_confier(etat: str, *, ouvertes: bool, phase_finie: bool, grille: bool) -> str | None:
    """Why the evaluation of a file may be entrusted to nobody more; None when it may."""
    if etat not in ETATS_EVALUES:
        return PLUS_EN_INSTRUCTION
    if not grille:
        return SANS_GRILLE
    if ouvertes:
        return DEJA_OUVERTES
    return PHASE_FINIE if phase_finie else None


def empechement_de_retirer(*, ouvertes: bool) -> str | None:
    """Why nobody may be relieved of the evaluation of a file any more; None when they may.

    Whether they have rendered it does not count: the answer would tell it.
    """
    return DEJA_OUVERTES if ouvertes else None


@jumeau_de("postgres:evaluation_rendue_en_droit")
def points(notes: Sequence[tuple[int, int, int]]) -> tuple[int, int]:
    """Points, and the most that there could be, of (weight, note, highest note of the criterion).

    Whole numbers all along: each note is taken over the common multiple of the highest ones, and counts twice, so
    that the middle of two scores is whole too.
    """
    total = sum((Fraction(poids * valeur, haut) for poids, valeur, haut in notes), Fraction())
    commun = lcm(*(haut for _, _, haut in notes))
    return int(2 * commun * total), 2 * commun * sum(poids for poids, _, _ in notes)


def sur_cent(points: int | None, sur: int | None) -> str:
    """« 62,5 »: what is shown of a score, to the hundredth at most; nothing of none. Ranks compare the points."""
    if points is None or not sur:
        return ""
    centiemes = (2 * 10_000 * points + sur) // (2 * sur)
    exact = Decimal(centiemes).scaleb(-2).normalize()
    return nombre(exact, max(0, -int(exact.as_tuple().exponent)))


@dataclass(frozen=True)
class Synthese:
    """What the scores of one file say together; `sur` is the most that there could be."""

    mediane: int
    basse: int
    haute: int
    sur: int

    @property
    def ecart(self) -> int:
        return self.haute - self.basse

    @property
    def desaccord(self) -> bool:
        return self.ecart * 100 >= SEUIL_DE_DESACCORD * self.sur

    @property
    def note(self) -> str:
        return sur_cent(self.mediane, self.sur)

    @property
    def plus_basse(self) -> str:
        return sur_cent(self.basse, self.sur)

    @property
    def plus_haute(self) -> str:
        return sur_cent(self.haute, self.sur)

    @property
    def ecart_sur_cent(self) -> str:
        return sur_cent(self.ecart, self.sur)


@jumeau_de("candidatures.instruction.suivi.notes.NOTES")
def synthese(scores: Sequence[int], sur: int) -> Synthese | None:
    """None without any score: everybody abstained."""
    return Synthese(int(median(scores)), min(scores), max(scores), sur) if scores else None
