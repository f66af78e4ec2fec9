"""A request's instant is that of its last byte's arrival, whatever the server was doing: on a real gunicorn."""

import http.client
import json
import os
import socket
import subprocess
import sys
import time

import pytest

from tests.concurrence.attente import attendre

# The kernel's clock and ours are the same; what lies between two of our statements is not zero.
JEU = 0.05

CONFIGURATION = "tests.outils.serveurs.gunicorn_sans_veille"


@pytest.fixture
def serveur(tmp_path):
    """One process, one thread: a second request waits for the first. Yields its port and the file that frees it."""
    with socket.create_server(("127.0.0.1", 0)) as libre:
        port = libre.getsockname()[1]
    journal = (tmp_path / "journal").open("wb")
    processus = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "gunicorn",
            "-c",
            "python:tests.outils.serveurs.gunicorn_sans_veille",
            "tests.outils.serveurs.temoin_de_reception",
        ],
        env=os.environ
        | {
            "PORT": str(port),
            "REBOND_WEB_PROCESSUS": "1",
            "REBOND_WEB_FILS": "1",
            "FEU_VERT": str(tmp_path / "vert"),
        },
        stdout=journal,
        stderr=subprocess.STDOUT,
    )
    try:
        attendre(lambda: ecoute(port))
        with connecter(port) as essai:
            essai.sendall(demande())
            lire(essai)
        yield port, tmp_path
    finally:
        processus.terminate()
        processus.wait(20)
        journal.close()


def ecoute(port):
    with socket.socket() as essai:
        return essai.connect_ex(("127.0.0.1", port)) == 0


def lire(connexion):
    reponse = http.client.HTTPResponse(connexion)
    reponse.begin()
    return json.loads(reponse.read())


def demande(corps=b"", *, chemin="/"):
    return b"POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n" % (chemin.encode(), len(corps)) + corps


def connecter(port):
    return socket.create_connection(("127.0.0.1", port), timeout=30)


def laisser_passer(secondes):
    """Time itself is what is waited for."""
    debut = time.monotonic()
    attendre(lambda: time.monotonic() >= debut + secondes)


def test_une_demande_qui_attend_un_serveur_occupe_garde_l_instant_de_son_arrivee(serveur):
    port, dossier = serveur
    with connecter(port) as occupante, connecter(port) as tardive:
        occupante.sendall(demande(chemin="/bloque/"))
        attendre((dossier / "bloquee").exists)
        avant = time.time()
        tardive.sendall(demande(b"depot"))
        apres = time.time()
        laisser_passer(0.5)
        (dossier / "vert").touch()
        lire(occupante)
        reponse = lire(tardive)

    assert avant <= reponse["arrivee"] <= apres + JEU
    assert reponse["traitee"] >= apres + 0.5


def test_une_demande_dont_la_fin_arrive_tard_est_arrivee_tard(serveur):
    """A browser connects early, a slow line drips: what counts is the last byte."""
    port, _ = serveur
    with connecter(port) as lente:
        entiere = demande(b"depot")
        lente.sendall(entiere[:-3])
        laisser_passer(0.3)
        avant = time.time()
        lente.sendall(entiere[-3:])
        reponse = lire(lente)

    assert reponse["corps"] == "depot"
    assert reponse["arrivee"] >= avant


def test_chaque_demande_d_une_connexion_gardee_a_son_propre_instant(serveur):
    port, _ = serveur
    with connecter(port) as gardee:
        gardee.sendall(demande(b"un"))
        premiere = lire(gardee)
        laisser_passer(0.1)
        avant = time.time()
        gardee.sendall(demande(b"deux"))
        seconde = lire(gardee)

    assert premiere["arrivee"] < avant <= seconde["arrivee"] <= avant + JEU
