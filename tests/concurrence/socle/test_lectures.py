"""A document is read and found infected at the same instant, each on a connection of its own: it is not found."""

import pytest
from django.db import transaction

from rebond.socle.documents.etats import EtatLecture
from rebond.socle.documents.lectures.models import Lecture
from rebond.socle.documents.models import Analyse
from tests import fabriques as f
from tests.concurrence.attente import DELAI, attend_un_verrou, attendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def test_ce_qui_est_trouve_infecte_pendant_qu_on_le_lit_n_est_pas_garde(ailleurs):
    document = f.la_deliberation()
    with transaction.atomic():
        Lecture.objects.create(document=document, etat=EtatLecture.LUE, texte="zinguerie")
        autre = ailleurs(Analyse.objects.create, document=document, saine=False, detail="Eicar")
        attendre(attend_un_verrou)
    autre.result(DELAI)
    assert not Lecture.objects.exists()
