"""Two workers at one grouped act: they share its files, and each is done once."""

import pytest
from django.db import transaction

from candidatures.instruction.lots import actions as lots
from candidatures.instruction.lots.models import ActeSurDossier
from candidatures.instruction.lots.registre import ACTES
from candidatures.models import Candidature, Recevabilite
from rebond.socle.horloge.temps import horloge_base
from rebond.socle.journal.models import EntreeJournal
from territoires.etats import Role
from tests import fabriques as f
from tests.candidatures.instruction.instruction import une_vague_close
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def test_deux_ouvriers_se_partagent_les_dossiers(ailleurs):
    vague, dossiers = une_vague_close(None, None, None)
    moi = f.un_agent(Role.INSTRUCTEUR)
    groupe = lots.demander(
        acte=ACTES["recevable"], vague=vague, personne=moi, dossiers=[d.pk for d in dossiers], donnees={}
    )
    with transaction.atomic():
        # The first worker is held at its first file, which it keeps; this one does the others meanwhile.
        Candidature.objects.select_for_update().get(pk=dossiers[0].pk)
        premier = ailleurs(lots.faire, pk=groupe.pk, maintenant=horloge_base())
        attendre(attend_un_verrou)
        second = ailleurs(lots.faire, pk=groupe.pk, maintenant=horloge_base()).result(DELAI)
    assert (second, premier.result(DELAI)) == (2, 1)
    assert not ActeSurDossier.objects.a_faire().exists()
    assert Recevabilite.objects.count() == 3
    assert EntreeJournal.objects.filter(acte="constater_recevabilite").count() == 3
