"""When results may be announced, from when on they are public, and who reads decisions."""

from datetime import UTC, datetime, timedelta

import pytest

from candidatures.labellisation import regles
from candidatures.vagues.etats import EtatVague as V

MAINTENANT = datetime(2023, 10, 1, 10, tzinfo=UTC)
INSTANT = timedelta(microseconds=1)
PAS_ENCORE = (
    "Les résultats de cette vague ne peuvent pas être annoncés\u00a0: ils l’ont déjà été, ou rien n’est encore décidé."
)
SIGNEE = "L’annonce est déjà signée."


@pytest.mark.parametrize("etat", V)
def test_les_resultats_s_annoncent_une_fois_les_decisions_prises(etat):
    assert regles.empechement_d_annoncer(etat) == (None if etat == V.LABELLISEE else PAS_ENCORE)


@pytest.mark.parametrize("etat", V)
def test_une_annonce_ne_se_dit_qu_a_qui_sait_que_la_vague_est_decidee(etat):
    """Under embargo whoever may not know reads what they would read before any decision."""
    attendu = SIGNEE if etat in {V.LABELLISEE, V.PUBLIEE} else PAS_ENCORE
    assert regles.empechement_d_annoncer(etat, annonce=SIGNEE) == attendu


@pytest.mark.parametrize("etat", V)
def test_les_decisions_se_lisent_une_fois_prises(etat):
    attendu = None if etat in {V.LABELLISEE, V.PUBLIEE} else "Les décisions de la vague 4 ne sont pas encore prises."
    assert regles.empechement_de_lire_les_decisions(etat, 4) == attendu


def test_un_embargo_finit_entre_maintenant_et_un_an():
    passee = "La fin de l’embargo est déjà passée\u00a0: choisissez un instant à venir."
    trop_long = "Un embargo dure un an au plus\u00a0: vérifiez l’année."
    an = timedelta(days=366)
    fins = (MAINTENANT - INSTANT, MAINTENANT, MAINTENANT + an, MAINTENANT + an + INSTANT)
    assert [regles.empechement_d_embargo(fin, MAINTENANT) for fin in fins] == [passee, None, None, trop_long]
