"""Two people find, propose, sign or send back on one file at the same instant, each on a connection of their own."""

import pytest
from django.db import transaction

from candidatures.instruction.recevabilite import actions
from candidatures.models import Candidature, PropositionDIrrecevabilite, Recevabilite
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import constater_recevabilite, proposer_irrecevabilite, une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def dossier() -> Candidature:
    return une_vague_close(None)[1][0]


def signer(proposee, valideur):
    return actions.signer_irrecevabilite(
        candidature=proposee.candidature,
        lue=proposee.pk,
        qualite="Directrice",
        valideur=valideur,
        maintenant=horloge_base(),
    )


def renvoyer(proposee, valideur):
    return actions.renvoyer_irrecevabilite(
        candidature=proposee.candidature, lue=proposee.pk, mot="Non.", valideur=valideur, maintenant=horloge_base()
    )


def test_l_un_propose_pendant_que_l_autre_declare_recevable(ailleurs, dossier):
    un, autre = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    with transaction.atomic():
        proposer_irrecevabilite(candidature=dossier, auteur=un)
        second = ailleurs(constater_recevabilite, candidature=dossier, auteur=autre)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="Une irrecevabilité est proposée"):
        second.result(DELAI)
    assert (PropositionDIrrecevabilite.objects.count(), Recevabilite.objects.count()) == (1, 0)


def test_de_deux_propositions_une_seule_attend(ailleurs, dossier):
    un, autre = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    with transaction.atomic():
        proposer_irrecevabilite(candidature=dossier, auteur=un)
        seconde = ailleurs(proposer_irrecevabilite, candidature=dossier, auteur=autre)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match="Une irrecevabilité est proposée"):
        seconde.result(DELAI)
    assert PropositionDIrrecevabilite.objects.get().auteur == un


@pytest.mark.parametrize("premier", [signer, renvoyer])
def test_de_deux_valideurs_le_second_lit_que_c_est_fait(ailleurs, dossier, premier):
    proposee = proposer_irrecevabilite(candidature=dossier, auteur=f.un_agent(Role.INSTRUCTEUR))
    un, autre = f.un_agent(Role.VALIDEUR), f.un_agent(Role.VALIDEUR)
    with transaction.atomic():
        premier(proposee, un)
        second = ailleurs(signer, proposee=proposee, valideur=autre)
        attendre(attend_un_verrou)
    with pytest.raises(RegleEnfreinte, match=r"Aucune irrecevabilité n’attend"):
        second.result(DELAI)
    assert PropositionDIrrecevabilite.objects.get().close_par == un
