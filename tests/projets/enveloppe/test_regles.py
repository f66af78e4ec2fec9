"""To what a grant may go, against a list written apart from the code."""

from itertools import product

import pytest

from projets.enveloppe.regles import aide_excessive, peut_accorder
from projets.portefeuille.etats import EtatProjet, Voie


@pytest.mark.parametrize(
    ("montant", "investissement", "refusee"),
    [(100, 100, False), (101, 100, True), (99, 100, False), (1, 0, True), (10**9, None, False)],
)
def test_une_aide_tient_dans_l_investissement_connu(montant: int, investissement: int | None, refusee: bool) -> None:
    assert (aide_excessive(montant, investissement) is not None) is refusee


def test_une_aide_va_a_un_projet_oriente_vers_l_enveloppe_qui_n_a_pas_encore_de_reponse() -> None:
    assert {(etat, voie) for etat, voie in product(EtatProjet, Voie) if peut_accorder(etat, voie)} == {
        (EtatProjet.ORIENTE, Voie.ENVELOPPE),
        (EtatProjet.DEPOSE, Voie.ENVELOPPE),
    }
