"""Two agents propose on one file at the same instant, each on a connection of their own."""

import pytest
from django.db import transaction

from candidatures.dossier.etats import SensDecision
from candidatures.instruction import actions as instruction
from candidatures.instruction.actions import PropositionRevisee
from candidatures.models import Candidature, Proposition
from rebond.socle.horloge.temps import horloge_base
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def proposer(dossier, auteur, motif, revision):
    return instruction.proposer(
        candidature=dossier,
        sens=SensDecision.LABELLISER,
        motif=motif,
        auteur=auteur,
        maintenant=horloge_base(),
        revision=revision,
    )


@pytest.mark.parametrize("lue", [0, 1])
def test_de_deux_propositions_au_meme_instant_la_seconde_lit_la_premiere(ailleurs, lue):
    """The first one to be made (`lue` 0), then the first one to be revised: none is replaced unread."""
    _, (dossier,) = une_vague_close(None)
    premier, second = f.un_agent(Role.INSTRUCTEUR), f.un_agent(Role.INSTRUCTEUR)
    instruction.constater_recevabilite(
        candidature=dossier, recevable=True, motif="", auteur=premier, maintenant=horloge_base()
    )
    if lue:
        proposer(dossier, premier, "Celle que les deux ont lue.", 0)
    with transaction.atomic():
        Candidature.objects.select_for_update().get(pk=dossier.pk)
        autre = ailleurs(proposer, dossier=dossier, auteur=second, motif="La seconde.", revision=lue)
        attendre(attend_un_verrou)
        proposer(dossier, premier, "La première.", lue)
    with pytest.raises(PropositionRevisee) as conflit:
        autre.result(DELAI)
    assert (conflit.value.actuelle.auteur, conflit.value.actuelle.motif) == (premier, "La première.")
    gardee = Proposition.objects.get()
    assert (gardee.auteur, gardee.motif, gardee.revision) == (premier, "La première.", lue + 1)
