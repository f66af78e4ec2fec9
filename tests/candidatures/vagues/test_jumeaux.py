"""What Python and Postgres both say of a wave, over all its states and at each of its bounds."""

from datetime import datetime

import pytest

from candidatures.cloture.regles import grace_ecoulee
from candidatures.dossier.models.dossiers import resultats_connus
from candidatures.models import Candidature, Vague
from candidatures.vagues.etats import EtatVague, Phase
from candidatures.vagues.models.vagues import ECHEANCE
from tests import fabriques as f
from tests.candidatures.jumeaux import autour, des_vagues, un_cahier
from tests.outils.roles import ignorer

pytestmark = pytest.mark.django_db


@pytest.fixture
def vagues() -> list[Vague]:
    return des_vagues()


def bornes(vagues: list[Vague]) -> list[datetime]:
    return autour(borne for v in vagues for borne in (v.ouverture, v.cloture, v.prolongee_au, v.publique_a))


@pytest.mark.jumeau("candidatures.vagues.models.vagues.ECHEANCE")
def test_l_echeance_d_une_vague(vagues: list[Vague]) -> None:
    lues = dict(Vague.objects.annotate(lue=ECHEANCE).values_list("pk", "lue"))
    assert lues == {vague.pk: vague.echeance for vague in vagues}
    assert {vague.echeance == vague.cloture for vague in vagues} == {True, False}


@pytest.mark.jumeau(
    "candidatures.vagues.models.vagues.VagueQuerySet.ouvertes",
    "candidatures.vagues.models.vagues.VagueQuerySet.a_venir",
    "candidatures.vagues.models.vagues.VagueQuerySet.closes",
)
def test_la_phase_d_une_vague(vagues: list[Vague]) -> None:
    passees = {Phase.PROLONGEE, Phase.EN_CLOTURE, Phase.CLOSE}
    vues = set()
    for instant in bornes(vagues):
        phases = {vague: vague.phase(instant) for vague in vagues}
        vues |= set(phases.values())
        assert {
            "ouvertes": set(Vague.objects.ouvertes(instant)),
            "à venir": set(Vague.objects.a_venir(instant)),
            "closes": set(Vague.objects.closes(instant)),
        } == {
            "ouvertes": {vague for vague, phase in phases.items() if phase is Phase.OUVERTE},
            "à venir": {vague for vague, phase in phases.items() if phase is Phase.PROGRAMMEE},
            "closes": {vague for vague, phase in phases.items() if phase in passees},
        }
    assert vues == set(Phase)


@pytest.mark.jumeau("candidatures.dossier.models.dossiers.resultats_connus")
def test_les_resultats_d_une_vague_sont_publics(vagues: list[Vague]) -> None:
    territoire = f.un_territoire()
    cahier = un_cahier(vagues[0])
    with ignorer():
        Candidature.objects.bulk_create(Candidature(vague=v, cahier=cahier, territoire=territoire) for v in vagues)
    comptes = set()
    for instant in bornes(vagues):
        publiques = {vague for vague in vagues if vague.resultats_publics(instant)}
        connus = Candidature.objects.filter(resultats_connus(instant)).select_related("vague")
        assert {dossier.vague for dossier in connus} == publiques
        comptes.add(len(publiques))
    assert comptes == {0, 1, 2}


@pytest.mark.jumeau("candidatures.vagues.models.vagues.VagueQuerySet.a_clore")
def test_une_vague_se_clot_une_fois_la_grace_ecoulee(vagues: list[Vague]) -> None:
    attendent = [vague for vague in vagues if vague.etat == EtatVague.PREVUE]
    for instant in autour(fin for v in attendent for fin in (v.echeance, v.echeance + v.grace)):
        assert set(Vague.objects.a_clore(instant)) == {
            vague for vague in attendent if grace_ecoulee(instant, vague.echeance, vague.grace)
        }
    assert len(attendent) == 2
