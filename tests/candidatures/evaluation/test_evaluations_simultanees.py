"""The last two evaluators of a file at the same instant, on two real connections."""

from threading import Barrier, Thread

import pytest
from django.db import connection

from candidatures.models import OuvertureDesEvaluations, Suivi
from tests.candidatures.evaluation.conftest import Monde
from tests.candidatures.evaluation.evaluation import rendre

pytestmark = [pytest.mark.concurrence, pytest.mark.django_db(transaction=True)]


def test_deux_evaluations_rendues_au_meme_instant_s_ouvrent(monde: Monde) -> None:
    """Neither sees the other's before it is committed: the file is held by one after the other."""
    depart, erreurs = Barrier(2, timeout=30), []

    def agir(qui) -> None:
        try:
            depart.wait()
            rendre(monde.dossier, qui)
        except Exception as erreur:  # noqa: BLE001
            erreurs.append(erreur)
        finally:
            connection.close()

    fils = [Thread(target=agir, args=[qui]) for qui in (monde.une, monde.deux)]
    for fil in fils:
        fil.start()
    for fil in fils:
        fil.join(timeout=60)
    assert erreurs == []
    assert OuvertureDesEvaluations.objects.filter(candidature=monde.dossier, toutes=True).count() == 1
    assert Suivi.objects.get(pk=monde.dossier.pk).evaluations_ouvertes
