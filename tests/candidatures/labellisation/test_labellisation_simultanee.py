"""Two valideurs at the same instant, on two real connections."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from candidatures.dossier.etats import SensDecision
from candidatures.labellisation import actions as labellisation
from candidatures.models import Decision, Labellisation, Vague
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import instruire, une_vague_close

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def test_de_deux_valideurs_simultanes_un_seul_decide_et_l_autre_sait_qui_et_quand():
    vague, dossiers = une_vague_close(None, None)
    for dossier in dossiers:
        instruire(dossier)
    valideurs = [f.un_agent(Role.VALIDEUR), f.un_agent(Role.VALIDEUR)]
    sens = [SensDecision.LABELLISER, SensDecision.NE_PAS_RETENIR]
    depart = Barrier(2, timeout=30)
    decides, refuses = {}, {}

    def decider(rang):
        try:
            depart.wait()
            decides[rang] = labellisation.labelliser(
                vague=Vague.objects.get(pk=vague.pk),
                decisions={dossier.pk: sens[rang] for dossier in dossiers},
                valideur=valideurs[rang],
                maintenant=horloge_base(),
            )
        except RegleEnfreinte as refus:
            refuses[rang] = refus.message
        finally:
            connection.close()

    fils = [Thread(target=decider, args=[rang]) for rang in range(2)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)

    (gagnant,), (refus,) = decides, refuses.values()
    assert refus.startswith(f"Les décisions de la vague {vague.numero} ont été prises le ")
    assert refus.endswith(f" par {valideurs[gagnant]}.")
    assert set(Decision.objects.values_list("sens", "valideur")) == {(sens[gagnant], valideurs[gagnant].pk)}
    assert Labellisation.objects.count() == (2 if sens[gagnant] == SensDecision.LABELLISER else 0)
