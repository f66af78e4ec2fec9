"""Scores are whole numbers: ties are ties."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from candidatures.dossier.etats import EtatCandidature
from candidatures.evaluation import regles

NOTES = st.lists(st.tuples(st.integers(1, 100), st.integers(0, 5), st.integers(5, 7)), min_size=1, max_size=6)


@given(NOTES)
def test_une_note_est_un_nombre_entier_de_points_et_rien_n_est_arrondi(notes: list[tuple[int, int, int]]) -> None:
    points, sur = regles.points(notes)
    poids = sum(p for p, _, _ in notes)
    assert Fraction(points, sur) == sum((Fraction(p * v, h) for p, v, h in notes), Fraction()) / poids
    assert points % 2 == 0


def test_deux_notes_egales_le_sont_par_des_chemins_differents() -> None:
    """A third of the weight at the top is the whole of it at a third, whatever floats would say."""
    assert regles.points([(30, 3, 3), (60, 0, 3)]) == regles.points([(30, 1, 3), (60, 1, 3)]) == (180, 540)
    assert regles.points([(50, 1, 3), (50, 2, 4)]) == (2 * (50 * 4 + 50 * 6), 2400)


@pytest.mark.parametrize(
    ("points", "sur", "dit"),
    [(0, 600, "0"), (600, 600, "100"), (400, 600, "66,67"), (375, 600, "62,5"), (None, 600, ""), (None, None, "")],
)
def test_une_note_s_ecrit_sur_cent_au_centieme_au_plus(points: int | None, sur: int | None, dit: str) -> None:
    assert regles.sur_cent(points, sur) == dit


def test_la_mediane_les_extremes_et_le_desaccord() -> None:
    synthese = regles.synthese([200, 350], 600)
    assert synthese == regles.Synthese(mediane=275, basse=200, haute=350, sur=600)
    assert (synthese.ecart, synthese.desaccord, synthese.note) == (150, True, "45,83")
    assert not regles.Synthese(mediane=0, basse=200, haute=348, sur=600).desaccord
    assert regles.synthese([100, 200, 600], 600) == regles.Synthese(mediane=200, basse=100, haute=600, sur=600)
    assert regles.synthese([], 0) is None


@pytest.mark.parametrize(
    ("etat", "faits", "phrase"),
    [
        (EtatCandidature.EN_INSTRUCTION, {}, None),
        (EtatCandidature.CORRECTION_DEMANDEE, {}, None),
        (EtatCandidature.INSTRUITE, {}, None),
        (EtatCandidature.LAUREATE, {}, regles.PLUS_EN_INSTRUCTION),
        (EtatCandidature.EN_INSTRUCTION, {"grille": False}, regles.SANS_GRILLE),
        (EtatCandidature.EN_INSTRUCTION, {"phase_finie": True}, regles.PHASE_FINIE),
        (EtatCandidature.EN_INSTRUCTION, {"ouvertes": True}, regles.PHASE_FINIE),
        (EtatCandidature.EN_INSTRUCTION, {"phase_finie": True, "ouvertes": True, "rendue": True}, None),
    ],
)
def test_ce_qui_empeche_d_evaluer(etat: EtatCandidature, faits: dict[str, bool], phrase: str | None) -> None:
    situation = {"rendue": False, "ouvertes": False, "phase_finie": False, "grille": True} | faits
    assert regles.empechement_d_evaluer(etat, **situation) == phrase
