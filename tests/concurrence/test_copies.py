"""A file copied twice at the same instant, each time on its own connection."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from candidatures.cloture.actions import cloture
from candidatures.dossier.copie import actions as copies
from candidatures.models import Candidature
from rebond.socle.erreurs import RegleEnfreinte
from rebond.socle.horloge.temps import horloge_base
from tests import fabriques as f
from tests.concurrence.attente import DELAI

pytestmark = pytest.mark.django_db(transaction=True)
ENSEMBLE = 4


def test_copie_quatre_fois_a_la_fois_un_dossier_n_a_qu_une_copie():
    passee = f.une_vague(cloture=horloge_base() - timedelta(days=1))
    originale = f.une_candidature(vague=passee)
    cloture.clore(vague_id=passee.pk, maintenant=horloge_base())
    ouverte, porteur = f.une_vague(ouverture=passee.cloture), f.porteur_de(originale)
    depart = threading.Barrier(ENSEMBLE, timeout=DELAI)

    def copier() -> bool:
        try:
            depart.wait()
            copies.copier(candidature=originale, vague=ouverte, auteur=porteur, maintenant=horloge_base())
        except RegleEnfreinte:
            return False
        else:
            return True
        finally:
            connections.close_all()

    with ThreadPoolExecutor(max_workers=ENSEMBLE) as fils:
        resultats = [fil.result(DELAI) for fil in [fils.submit(copier) for _ in range(ENSEMBLE)]]

    assert resultats.count(True) == 1
    assert Candidature.objects.filter(copie_de=originale, vague=ouverte).count() == 1
