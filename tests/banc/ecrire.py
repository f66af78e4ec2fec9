"""The floor of whatever is written: one row, kept on disk before anything is answered, over and over."""

import threading
import time

import psycopg
from django.db import connection

from tests.banc.terrain import Terrain
from tests.outils.roles import url_administrateur

FILS, SECONDES = 8, 2.0
TEXTE = "x" * 200


def inserts_durables(terrain: Terrain) -> float:
    """INSERTs a second, each in its own transaction, on as many connections as the clients that goals speak of."""
    url = url_administrateur(connection.settings_dict["NAME"])
    with psycopg.connect(url, autocommit=True) as une:
        une.execute(
            "CREATE SCHEMA IF NOT EXISTS banc; CREATE TABLE IF NOT EXISTS banc.plancher (id bigserial, texte text)"
        )
    faits = [0] * FILS
    depart = threading.Barrier(FILS + 1)

    def ecrire(rang: int, duree: float) -> None:
        with psycopg.connect(url, autocommit=True) as une:
            depart.wait()
            fin = time.perf_counter() + duree
            while time.perf_counter() < fin:
                une.execute("INSERT INTO banc.plancher (texte) VALUES (%s)", [TEXTE])
                faits[rang] += 1

    duree = terrain.duree(SECONDES)
    fils = [threading.Thread(target=ecrire, args=(rang, duree)) for rang in range(FILS)]
    for fil in fils:
        fil.start()
    depart.wait()
    debut = time.perf_counter()
    for fil in fils:
        fil.join()
    return sum(faits) / (time.perf_counter() - debut)
