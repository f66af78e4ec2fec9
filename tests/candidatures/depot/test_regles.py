"""The deadline rule and its reminders, told apart from the code: instant by instant, state by state."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from candidatures.depot import regles
from candidatures.dossier.etats import EtatCandidature, Qualite
from candidatures.vagues.etats import Phase

OUVERTURE = datetime(2023, 2, 1, 11, tzinfo=UTC)
CLOTURE = datetime(2023, 6, 1, 10, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
TOUS = list(product(EtatCandidature, Phase, [*Qualite, None]))
LE_PORTEUR_PENDANT_LA_VAGUE = {
    (EtatCandidature.BROUILLON, Phase.OUVERTE, Qualite.PORTEUR),
    (EtatCandidature.DEPOSEE, Phase.OUVERTE, Qualite.PORTEUR),
}


@pytest.mark.parametrize(
    ("recu_le", "a_temps"),
    [
        (OUVERTURE - INSTANT, False),
        (OUVERTURE, True),
        (CLOTURE - INSTANT, True),
        (CLOTURE, False),
        (CLOTURE + INSTANT, False),
    ],
)
def test_midi_est_deja_trop_tard_et_l_ouverture_n_est_pas_trop_tot(recu_le: datetime, a_temps: bool) -> None:
    assert regles.recu_a_temps(recu_le, OUVERTURE, CLOTURE) is a_temps


def test_la_derniere_minute_commence_soixante_secondes_avant_l_echeance() -> None:
    debut = CLOTURE - timedelta(seconds=60)
    instants = (debut - INSTANT, debut, CLOTURE, CLOTURE + INSTANT)
    assert [regles.derniere_minute(instant, CLOTURE) for instant in instants] == [False, True, True, True]


def test_le_porteur_depose_et_retire_pendant_la_vague_et_personne_d_autre() -> None:
    decide = {cas for cas in TOUS if regles.empechement_de_decider_du_depot(*cas) is None}
    retire = {cas for cas in TOUS if regles.empechement_de_retirer(*cas) is None}
    assert decide == retire == LE_PORTEUR_PENDANT_LA_VAGUE
    deposent = {qualite for qualite in (*Qualite, None) if regles.empechement_de_deposer(qualite) is None}
    assert deposent == {Qualite.PORTEUR}


def test_les_rappels_partent_trente_jours_sept_jours_deux_jours_un_jour_et_trois_heures_avant() -> None:
    heures = (30 * 24, 7 * 24, 2 * 24, 24, 3)
    precedent = None
    for seuil in (timedelta(hours=h) for h in heures):
        assert regles.dernier_rappel(CLOTURE, CLOTURE - seuil - INSTANT) == precedent
        assert regles.dernier_rappel(CLOTURE, CLOTURE - seuil) == seuil
        precedent = seuil
    assert regles.dernier_rappel(CLOTURE, CLOTURE - INSTANT) == timedelta(hours=3)
    assert regles.dernier_rappel(CLOTURE, CLOTURE) is None
    assert regles.dernier_rappel(CLOTURE, CLOTURE + INSTANT) is None
