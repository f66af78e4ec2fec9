"""Tasks go through the real broker to a real worker, from any thread, and come back after a kill."""

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest
from celery import current_app

from rebond.socle.vigie import Battement

pytestmark = pytest.mark.concurrence


def attendre(condition: Callable[[], bool], delai: float = 30.0) -> None:
    limite = threading.Event()
    debut = time.monotonic()
    while not condition():
        assert time.monotonic() - debut < delai, "rien n'est venu"
        limite.wait(0.05)


def test_une_tache_envoyee_d_un_autre_fil_est_faite(ouvrier: Any) -> None:
    ouvrier()
    fil = threading.Thread(target=lambda: current_app.send_task("rebond.socle.tasks.battre"))
    fil.start()
    fil.join()
    attendre(Battement.objects.exists)


def test_une_tache_en_attente_survit_a_la_mort_de_l_ouvrier(ouvrier: Any) -> None:
    premier = ouvrier()
    premier.tuer()
    current_app.send_task("rebond.socle.tasks.battre")
    assert not Battement.objects.exists()
    ouvrier()
    attendre(Battement.objects.exists)
