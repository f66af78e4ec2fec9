"""The proxy that stands before the portal in production is the one that the tests run."""

import os
import subprocess
import sys
from typing import Any

import pytest
import yaml

from rebond.amorce.environnement import RACINE

COMPOSE = yaml.safe_load((RACINE / "docker-compose.yml").read_text())
EXEMPLE = RACINE / "docs" / "exemples" / "nginx.conf"


def demarrer(**environ: str) -> subprocess.CompletedProcess[str]:
    """Load the settings as a web process does."""
    propres = {nom: valeur for nom, valeur in os.environ.items() if nom != "REBOND_MANDATAIRES"}
    return subprocess.run(
        [sys.executable, "-c", "import django; django.setup(); print('prêt')"],
        env=propres | environ,
        capture_output=True,
        text=True,
        check=False,
    )


def test_un_portail_en_https_ne_demarre_pas_sans_dire_ses_mandataires() -> None:
    refuse = demarrer(REBOND_ADRESSE="https://rebond.example.fr", REBOND_SECOND_FACTEUR="exige")
    assert refuse.returncode == 1
    assert "REBOND_MANDATAIRES est obligatoire avec REBOND_ADRESSE=https://rebond.example.fr" in refuse.stderr
    admis = demarrer(REBOND_ADRESSE="https://rebond.example.fr", REBOND_MANDATAIRES="1", REBOND_SECOND_FACTEUR="exige")
    assert (admis.returncode, admis.stdout) == (0, "prêt\n"), admis.stderr


def test_compose_place_devant_le_portail_le_nginx_de_l_exemple_et_lui_seul() -> None:
    services: dict[str, Any] = COMPOSE["services"]
    publies = {nom for nom, service in services.items() if "ports" in service}
    assert publies == {"mandataire"}
    mandataire = services["mandataire"]
    assert "./docs/exemples/nginx.conf:/etc/rebond/nginx.conf:ro" in mandataire["volumes"]
    assert services["web"]["environment"]["REBOND_MANDATAIRES"] == "${REBOND_MANDATAIRES:-1}"


@pytest.mark.parametrize("hotes", ["portail.gouv.fr", "portail.gouv.fr,www.portail.gouv.fr"])
def test_compose_met_dans_l_exemple_ses_noms_et_son_adresse(hotes: str) -> None:
    commande = COMPOSE["services"]["mandataire"]["command"][2].replace("$$", "$").partition("> /etc/nginx")[0]
    sortie = subprocess.run(
        ["sh", "-c", commande.replace("/etc/rebond/nginx.conf", str(EXEMPLE))],
        env={"PATH": os.environ["PATH"], "REBOND_HOTES": hotes},
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    assert sortie.count(f"server_name {hotes.replace(',', ' ')};") == 2
    assert sortie.count("proxy_pass http://web:8000;") == 1
    assert "127.0.0.1" not in sortie
    assert sortie.count("\n") == EXEMPLE.read_text().count("\n")


def test_l_exemple_ne_laisse_passer_rien_de_ce_que_le_visiteur_ecrit_de_lui() -> None:
    lignes = [ligne.strip() for ligne in EXEMPLE.read_text().splitlines()]
    poses = dict(ligne.split(None, 2)[1:] for ligne in lignes if ligne.startswith("proxy_set_header"))
    assert poses == {
        "Host": "$host;",
        "X-Forwarded-Proto": "$scheme;",
        "X-Forwarded-For": "$remote_addr;",
        "X-Request-Start": '"t=${msec}";',
    }
