"""The bench itself, on a handful of files: real servers, every kind of floor, what it keeps and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest

from rebond.embarque.roles import PROPRIETAIRE
from tests.banc.mesures import Ligne, au_moins, au_plus, imprimer
from tests.outils.enfants import environ_d_un_enfant
from tests.outils.modele_de_base import nom_du_modele
from tests.outils.roles import ADMINISTRATEUR, ADRESSES, url_administrateur

RACINE = Path(__file__).resolve().parent.parent.parent
BASE = f"essai_du_banc_{os.getpid()}"
CHAPITRES = ("lectures", "ecritures")


@pytest.fixture(scope="module")
def environ(django_db_setup: None, django_db_blocker: pytest.FixtureRequest) -> Iterator[dict[str, str]]:
    """A migrated database of its own, empty."""
    with django_db_blocker.unblock():  # type: ignore[attr-defined]
        modele = nom_du_modele()
    with psycopg.connect(url_administrateur("postgres"), autocommit=True) as administrateur:
        administrateur.execute(f'CREATE DATABASE {BASE} TEMPLATE "{modele}" OWNER "{PROPRIETAIRE}"')
        try:
            adresses = {nom: urlsplit(os.environ[nom])._replace(path=f"/{BASE}").geturl() for nom in ADRESSES[:3]}
            yield environ_d_un_enfant() | adresses
        finally:
            administrateur.execute(f"DROP DATABASE {BASE} WITH (FORCE)")


@pytest.fixture(scope="module")
def compte(environ: dict[str, str], tmp_path_factory: pytest.TempPathFactory) -> dict:
    """What a run in small wrote; it ends well, since goals were not required."""
    assert ADMINISTRATEUR in environ
    sortie = tmp_path_factory.mktemp("banc") / "mesures.json"
    commande = [sys.executable, "-m", "tests.banc", *CHAPITRES, "--rapide", "--sortie", str(sortie)]
    fait = subprocess.run(commande, env=environ, cwd=RACINE, capture_output=True, text=True, check=False)
    assert fait.returncode == 0, fait.stdout + fait.stderr
    lu = json.loads(sortie.read_text())
    assert f"{len(lu['lignes'])} lignes en" in fait.stdout
    return lu


def test_chaque_ligne_a_son_verdict_et_un_echec_son_ecart(compte: dict) -> None:
    assert [ligne["cle"] for ligne in compte["lignes"]] == [
        *("accueil-porteur", "dossier", "decisions"),
        *("enregistrement", "depot"),
    ]
    for ligne in compte["lignes"]:
        tenus = [objectif["verdict"] == "PASS" for objectif in ligne["objectifs"]]
        assert tenus
        assert ligne["verdict"] == ("PASS" if all(tenus) else "FAIL")
        assert bool(ligne["gap"]) == (not all(tenus))


def test_une_page_est_mesuree_a_cote_de_ses_planchers(compte: dict) -> None:
    assert compte["machine"]["vue_vide_par_seconde_8"] > 0
    for ligne in compte["lignes"][:3]:
        mesures = ligne["mesures"]
        assert mesures["rapport"] == pytest.approx(mesures["par_seconde_8"] / mesures["vide_par_seconde_8"], rel=0.01)
        assert 0 < mesures["rapport"] < 1
        assert mesures["base_ms"] > 0
        # Who asks, and what they came for.
        assert mesures["instructions"] >= 2
        assert mesures["memoire_mo"] > 20


def test_ce_qui_s_ecrit_est_mesure_a_cote_d_un_insert_durable_et_d_un_envoi_vide(compte: dict) -> None:
    for ligne in compte["lignes"][3:]:
        mesures = ligne["mesures"]
        assert 0 < mesures["par_seconde_8"] < mesures["inserts_par_seconde"]
        assert mesures["rapport_du_cadre"] == pytest.approx(
            mesures["cadre_par_seconde"] / mesures["inserts_par_seconde"], rel=0.01
        )


def test_un_chapitre_inconnu_est_refuse_avant_de_rien_demarrer(environ: dict[str, str]) -> None:
    commande = [sys.executable, "-m", "tests.banc", "nulle-part"]
    fait = subprocess.run(commande, env=environ, cwd=RACINE, capture_output=True, text=True, check=False)
    assert fait.returncode == 2
    assert "chapitres inconnus : nulle-part" in fait.stderr


def test_un_objectif_se_tient_a_son_seuil_et_dit_de_combien_il_est_manque() -> None:
    assert au_plus("ms", 150, 150).tenu
    assert au_moins("rapport", 0.8, 0.8).tenu
    assert au_plus("ms", 300, 150).ecart == "ms : 300 au lieu de ≤ 150 (× 2.00)"
    assert au_moins("rapport", 0.2, 0.8).ecart == "rapport : 0.2 au lieu de ≥ 0.8 (× 4.00)"


def test_une_ligne_imprimee_dit_ce_qu_elle_manque() -> None:
    lignes: list[str] = []
    imprimer([Ligne("une", "Une page", {"p50_ms": 12.5}, [au_plus("ms", 12.5, 10)])], lignes.append)
    assert lignes[1].startswith("Une page")
    assert lignes[1].endswith("FAIL")
    assert lignes[2].split() == ["MANQUÉ", "ms", ":", "12.5", "(≤", "10)"]
