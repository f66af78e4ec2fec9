"""The stampede in small: it passes on the product, and fails on a build that holds no row."""

import re
import subprocess
import sys

import pytest

DELAI = 180


def ruee(*options: str) -> tuple[int, dict[str, str], str]:
    """Exit status, numbers of the last line, and all that was printed."""
    fini = subprocess.run(
        [sys.executable, "-m", "tests.stampede", "--graine", "3", *options],
        capture_output=True,
        text=True,
        timeout=DELAI,
        check=False,
    )
    derniere = (fini.stdout.splitlines() or [""])[-1]
    return fini.returncode, dict(re.findall(r"(\w+)=(\S+)", derniere)), fini.stdout + fini.stderr


@pytest.mark.parametrize("horloge", ["0", "30", "-30"])
def test_toutes_les_promesses_tiennent_quelle_que_soit_l_horloge_du_serveur(horloge: str) -> None:
    code, nombres, sortie = ruee("-n", "16", f"--horloge={horloge}")
    assert code == 0, sortie
    nuls = ("tardifs_acceptes", "a_temps_refuses", "absents_du_pv", "erreurs", "lettres_fautives", "cles_multiples")
    assert {nom: nombres[nom] for nom in nuls} == dict.fromkeys(nuls, "0"), sortie
    assert nombres["pv"] == "1"


def test_sans_le_verrou_des_depots_montres_manquent_au_proces_verbal() -> None:
    code, nombres, sortie = ruee("-n", "16", "--grace=6", "--delai=20", "--temoin")
    assert code == 1, sortie
    assert "stampede: FAIL" in sortie
    assert int(nombres["absents_du_pv"]) > 0, sortie
