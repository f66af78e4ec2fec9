"""Compose has an antivirus, that every process of the portal asks."""

import re
from pathlib import Path
from typing import Any

import yaml

RACINE = Path(__file__).resolve().parents[2]
MO = 1024 * 1024


class TestCompose:
    compose: dict[str, Any] = yaml.safe_load((RACINE / "docker-compose.yml").read_text())

    def test_chaque_processus_du_portail_demande_a_l_antivirus_de_compose(self) -> None:
        services = self.compose["services"]
        ceux_du_portail = [service for service in services.values() if service.get("image") == "rebond"]
        assert len(ceux_du_portail) == 6
        for service in ceux_du_portail:
            assert service["environment"]["REBOND_ANTIVIRUS"] == "${REBOND_ANTIVIRUS-clamav:3310}"
        image = services["clamav"]["image"]
        assert re.fullmatch(r"clamav/clamav:\d+\.\d+\.\d+\$\{DIGEST_CLAMAV:\+@\$\{DIGEST_CLAMAV\}\}", image)

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
