"""gunicorn starts its processes anew without losing a request: they are made from what the first one loaded."""

import os
import signal
import threading
from contextlib import suppress
from pathlib import Path

import pytest

from tests.concurrence.attente import attendre
from tests.outils.portail import Portail

CLIENTS = 4


@pytest.mark.django_db(transaction=True)
def test_une_relance_sous_charge_ne_perd_aucune_demande(tmp_path):
    portail = Portail(tmp_path, {"REBOND_WEB_PROCESSUS": "2", "REBOND_VEILLE": "0"})
    try:
        maitre = portail._processus.pid
        enfants = Path(f"/proc/{maitre}/task/{maitre}/children")
        premiers = set(enfants.read_text().split())
        recus: list[object] = []
        fini = threading.Event()

        def demander() -> None:
            while not fini.is_set():
                try:
                    recus.append(portail.demander("GET", "/heure/")[0].status)
                except OSError as perdue:
                    recus.append(perdue)

        fils = [threading.Thread(target=demander) for _ in range(CLIENTS)]
        for fil in fils:
            fil.start()
        attendre(lambda: len(recus) > CLIENTS)
        os.kill(maitre, signal.SIGHUP)
        attendre(lambda: len(enfants.read_text().split()) == 2 and not premiers & set(enfants.read_text().split()))
        apres = len(recus)
        attendre(lambda: len(recus) > apres + CLIENTS)
        fini.set()
        for fil in fils:
            fil.join()
        assert set(recus) == {200}
    finally:
        with suppress(ProcessLookupError):
            portail.arreter()
