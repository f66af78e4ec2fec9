"""Who deposits, takes back and decides of the deposit at the deadline, in which state and when."""

from datetime import UTC, datetime, timedelta
from itertools import product

import pytest

from candidatures.depot import regles
from candidatures.dossier.etats import EtatCandidature as E
from candidatures.dossier.etats import Qualite
from candidatures.vagues.etats import Phase

QUALITES = (*Qualite, None)
OUVERTURE, CLOTURE = datetime(2023, 6, 1, 10, tzinfo=UTC), datetime(2023, 10, 1, 10, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)


@pytest.mark.parametrize("qualite", QUALITES)
def test_seul_le_porteur_depose(qualite):
    attendu = None if qualite == Qualite.PORTEUR else "Seul le responsable du dossier peut le déposer."
    assert regles.empechement_de_deposer(qualite) == attendu


@pytest.mark.parametrize(("etat", "phase", "qualite"), list(product(E, Phase, QUALITES)))
def test_le_porteur_decide_du_depot_et_du_retrait_tant_que_c_est_ouvert(etat, phase, qualite):
    permis = etat in {E.BROUILLON, E.DEPOSEE} and phase == Phase.OUVERTE and qualite == Qualite.PORTEUR
    decision = (
        "Seul le responsable du dossier peut demander ce dépôt ou y renoncer, tant que la période de dépôt est "
        "ouverte et que le "
        "dossier peut être déposé."
    )
    retrait = "Ce dossier ne peut plus être retiré, ou vous n’en êtes pas le responsable."
    assert regles.empechement_de_decider_du_depot(etat, phase, qualite) == (None if permis else decision)
    assert regles.empechement_de_retirer(etat, phase, qualite) == (None if permis else retrait)


def test_l_ouverture_compte_l_echeance_non():
    instants = (OUVERTURE - INSTANT, OUVERTURE, CLOTURE - INSTANT, CLOTURE)
    assert [regles.recu_a_temps(i, OUVERTURE, CLOTURE) for i in instants] == [False, True, True, False]


def test_la_derniere_minute_commence_soixante_secondes_avant():
    minute = timedelta(seconds=60)
    instants = (CLOTURE - minute - INSTANT, CLOTURE - minute, CLOTURE)
    assert [regles.derniere_minute(i, CLOTURE) for i in instants] == [False, True, True]


def test_le_dernier_rappel_echu_et_aucun_apres_l_echeance():
    jour = timedelta(days=1)
    attendus = [
        (CLOTURE - 30 * jour - INSTANT, None),
        (CLOTURE - 30 * jour, 30 * jour),
        (CLOTURE - 7 * jour, 7 * jour),
        (CLOTURE - 2 * jour - INSTANT, 7 * jour),
        (CLOTURE - 2 * jour, 2 * jour),
        (CLOTURE - jour, jour),
        (CLOTURE - timedelta(hours=3), timedelta(hours=3)),
        (CLOTURE - INSTANT, timedelta(hours=3)),
        (CLOTURE, None),
    ]
    assert [(i, regles.dernier_rappel(CLOTURE, i)) for i, _ in attendus] == attendus
