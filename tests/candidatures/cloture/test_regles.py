"""When a wave may be closed and extended, to the microsecond and state by state."""

from datetime import UTC, datetime, timedelta

from candidatures.cloture import regles
from candidatures.vagues.etats import EtatVague

CLOTURE = datetime(2023, 6, 1, 10, tzinfo=UTC)
GRACE = timedelta(minutes=5)
INSTANT = timedelta(microseconds=1)


def test_une_vague_se_clot_a_la_fin_de_sa_grace_et_pas_avant() -> None:
    fin = CLOTURE + GRACE
    instants = (CLOTURE, fin - INSTANT, fin, fin + INSTANT)
    assert [regles.grace_ecoulee(instant, CLOTURE, GRACE) for instant in instants] == [False, False, True, True]


def test_une_vague_se_prolonge_jusqu_a_ses_decisions() -> None:
    assert {etat for etat in EtatVague if regles.se_prolonge(etat)} == {EtatVague.PREVUE, EtatVague.EN_INSTRUCTION}


def test_un_incident_compte_jusqu_a_trente_jours_avant_l_ouverture() -> None:
    assert timedelta(days=30) == regles.INCIDENT_AVANT_L_OUVERTURE
