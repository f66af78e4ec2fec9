"""A WSGI application that waits until it is told to answer, then says how long ago its request had arrived."""

import json
import os
import time
from pathlib import Path

from rebond.socle.horloge.estampille import SECONDE

FEU_VERT = Path(os.environ.get("FEU_VERT", "/nonexistent"))


def application(environ, start_response):
    corps = environ["wsgi.input"].read().decode()
    if environ["PATH_INFO"] == "/bloque/":
        (FEU_VERT.parent / "bloquee").touch()
        while not FEU_VERT.exists():
            time.sleep(0.01)
    monotone = time.monotonic_ns()
    arrivee = time.time() - environ["gunicorn.socket"].attente(monotone) / SECONDE
    reponse = json.dumps({"corps": corps, "arrivee": arrivee, "traitee": time.time()}).encode()
    start_response("200 OK", [("Content-Type", "application/json"), ("Content-Length", str(len(reponse)))])
    return [reponse]
