"""Production does not start without an antivirus, unless it is written that it does; compose has one."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from rebond.sans_antivirus import empechement_de_demarrer_sans_antivirus

RACINE = Path(__file__).resolve().parents[2]
EN_LIGNE = "https://rebond.example.fr"
MO = 1024 * 1024


@pytest.mark.parametrize(
    ("adresse", "antivirus", "assume", "refuse"),
    [
        (EN_LIGNE, "", False, True),
        (EN_LIGNE, "", True, False),
        (EN_LIGNE, "clamav:3310", False, False),
        ("http://localhost:8000", "", False, False),
    ],
)
def test_ce_qui_empeche_de_demarrer(adresse: str, antivirus: str, assume: bool, refuse: bool) -> None:
    refus = empechement_de_demarrer_sans_antivirus(adresse=adresse, antivirus=antivirus, assume=assume)
    assert (refus is not None) == refuse
    if refus:
        assert "REBOND_ANTIVIRUS" in refus
        assert "REBOND_SANS_ANTIVIRUS=oui" in refus


@pytest.mark.parametrize(("reglages", "demarre"), [({}, False), ({"REBOND_SANS_ANTIVIRUS": "oui"}, True)])
def test_le_demarrage_lui_meme(reglages: dict[str, str], demarre: bool) -> None:
    environ = os.environ | {"REBOND_ADRESSE": EN_LIGNE, "REBOND_ANTIVIRUS": ""} | reglages
    constat = subprocess.run(
        [sys.executable, "-c", "from django.conf import settings; print(settings.ANTIVIRUS == '')"],
        capture_output=True,
        text=True,
        env=environ,
        cwd=RACINE,
        check=False,
    )
    assert (constat.returncode == 0) == demarre, constat.stderr
    assert demarre or "Aucun antivirus n’est réglé" in constat.stderr


class TestCompose:
    compose: dict[str, Any] = yaml.safe_load((RACINE / "docker-compose.yml").read_text())

    def test_chaque_processus_du_portail_demande_a_l_antivirus_de_compose(self) -> None:
        services = self.compose["services"]
        ceux_du_portail = [service for service in services.values() if service.get("image") == "rebond"]
        assert len(ceux_du_portail) == 4
        for service in ceux_du_portail:
            assert service["environment"]["REBOND_ANTIVIRUS"] == "${REBOND_ANTIVIRUS-clamav:3310}"
        assert re.fullmatch(r"clamav/clamav:\d+\.\d+\.\d+(@sha256:[0-9a-f]{64})?", services["clamav"]["image"])

    def test_l_antivirus_lit_la_plus_grosse_piece_et_dit_ce_qui_est_au_dela(self) -> None:
        (monte,) = (v for v in self.compose["services"]["clamav"]["volumes"] if v.endswith("/clamd.conf:ro"))
        lignes = (RACINE / monte.partition(":")[0]).read_text().splitlines()
        lu = dict(ligne.split() for ligne in lignes if ligne and not ligne.startswith("#"))
        plus_grosse = 200 * MO
        bornes = ("StreamMaxLength", "MaxFileSize", "MaxScanSize")
        assert all(int(lu[borne].removesuffix("M")) * MO > plus_grosse for borne in bornes)
        assert (lu["AlertExceedsMax"], lu["TCPSocket"]) == ("yes", "3310")
        # The image waits for this one before it says that it is up.
        assert lu["LocalSocket"].endswith("/clamd.sock")
