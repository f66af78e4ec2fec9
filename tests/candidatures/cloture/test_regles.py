"""When a wave is closed, extended, and who signs the extension."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from candidatures.cloture import regles
from candidatures.vagues.etats import EtatProlongation as P
from candidatures.vagues.etats import EtatVague as V

CLOTURE, GRACE, INSTANT = datetime(2023, 10, 1, 10, tzinfo=UTC), timedelta(minutes=1), timedelta(microseconds=1)


def test_la_cloture_attend_la_fin_de_la_grace():
    instants = (CLOTURE, CLOTURE + GRACE - INSTANT, CLOTURE + GRACE)
    assert [regles.grace_ecoulee(i, CLOTURE, GRACE) for i in instants] == [False, False, True]


@pytest.mark.parametrize("etat", V)
def test_on_prolonge_avant_les_decisions(etat):
    refus = "Les décisions de cette vague sont prises\u00a0: aucune prolongation n’y est plus possible."
    assert regles.empechement_de_prolonger(etat) == (None if etat in {V.PREVUE, V.EN_INSTRUCTION} else refus)


@pytest.mark.parametrize(("etat", "de_qui_propose"), list(product(P, (True, False))))
def test_une_autre_personne_signe_ce_qui_est_propose(etat, de_qui_propose):
    attendu = None if etat == P.PROPOSEE else "Cette prolongation n’attend plus de signature."
    if attendu is None and de_qui_propose:
        attendu = "La seconde signature doit être celle d’une autre personne."
    assert regles.empechement_de_signer(etat, de_qui_propose=de_qui_propose) == attendu
