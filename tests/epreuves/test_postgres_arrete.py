"""PostgreSQL stopped dead under load: what a territory was shown is there afterwards, on servers of its own."""

import json
import subprocess
import sys

DELAI = 150


def test_tout_accuse_montre_survit_a_un_arret_brutal_de_postgres():
    fini = subprocess.run(
        [sys.executable, "-m", "tests.stampede.arret"], capture_output=True, text=True, timeout=DELAI, check=False
    )
    assert fini.returncode == 0, fini.stderr
    constat = json.loads(fini.stdout)

    assert constat["reglages"] == {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
    assert len(constat["montres"]) >= 24
    assert constat["gardes"] == constat["montres"]
    assert constat["renvois"] == constat["montres"]
