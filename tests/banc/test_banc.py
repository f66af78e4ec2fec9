"""The bench itself, on a handful of files: real servers, every kind of floor, what it keeps and how it ends."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlsplit

import psycopg
import pytest

from rebond.embarque.roles import PROPRIETAIRE
from tests.banc.__main__ import TOUS, _chapitre
from tests.banc.causes import CAUSES
from tests.banc.donnees.dossiers import EPCIS_MIN, PAIRES
from tests.banc.mesures import INCONNUE, Ligne, au_moins, au_plus, imprimer
from tests.banc.rapport import Compte
from tests.banc.service.pesees import famille, peser, pss
from tests.banc.terrain import PLUS_GRANDE
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
    assert ("sans cause connue" in fait.stdout) == bool(lu["sans_cause"])
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
        assert (ligne["cle"] in compte["sans_cause"]) == (not all(tenus) and not ligne["cause"])
    assert (list(compte["chapitres_s"]), compte["interrompus"]) == (list(CHAPITRES), [])


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


def ligne(cle: str, *, tenue: bool) -> Ligne:
    return Ligne(cle, "Une page", {}, [au_plus("ms", 12.5, 20 if tenue else 10)])


def test_un_objectif_manque_que_rien_n_explique_se_dit_et_celui_qui_s_explique_dit_pourquoi() -> None:
    compte = Compte(None, part=1, prevus=["un"])
    for une in (ligne("check", tenue=False), ligne("check", tenue=True), ligne("jamais-vue", tenue=True)):
        compte.ajouter(une)
    compte.finir("un", 3.0)
    assert "sans cause" not in compte.conclusion()
    compte.ajouter(ligne("jamais-vue", tenue=False))
    assert compte.conclusion().splitlines()[1:] == [
        "Objectifs manqués sans cause connue (tests/banc/causes.py) : jamais-vue."
    ]
    lignes: list[str] = []
    imprimer(compte.lignes, lignes.append)
    assert [dite.strip() for dite in lignes if "cause :" in dite] == [
        f"cause : {CAUSES['check']}",
        f"cause : {INCONNUE}",
    ]


@pytest.mark.parametrize(("epcis", "territoires"), [(EPCIS_MIN, PAIRES), (1_250, PLUS_GRANDE)])
def test_chaque_dossier_a_un_territoire_a_lui(epcis: int, territoires: int) -> None:
    """As `_etendre_les_territoires` pairs authorities; beyond `PAIRES` files, those of a trial are too few."""

    def paires(nombre: int) -> set[frozenset[int]]:
        return {frozenset((n % epcis, (n + 1 + n // epcis) % epcis)) for n in range(1, nombre + 1)}

    assert (len(paires(territoires)), {len(paire) for paire in paires(territoires)}) == (territoires, {2})
    if territoires == PAIRES:
        assert len(paires(PAIRES + 1)) == PAIRES


def test_ce_qui_casse_un_chapitre_laisse_ses_lignes_et_celles_des_autres(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sortie = tmp_path / "mesures.json"
    compte = Compte(sortie, part=1, prevus=["un", "deux", "trois"])
    gardees: list[list[str]] = []

    def mesurer(noms: list[str], *, casse: bool) -> Any:
        def lignes(_: Any) -> Iterator[Ligne]:
            for nom in noms:
                yield ligne(nom, tenue=True)
                # What is kept at that very instant, should all stop here.
                gardees.append([une["cle"] for une in json.loads(sortie.read_text())["lignes"]])
            if casse:
                raise RuntimeError("essai")

        return SimpleNamespace(mesurer=lignes)

    for nom, contenu in (("un", mesurer(["a", "b"], casse=True)), ("deux", mesurer(["c"], casse=False))):
        monkeypatch.setitem(TOUS, nom, "un essai")
        monkeypatch.setitem(sys.modules, f"tests.banc.chapitres.{nom}", contenu)
        _chapitre(nom, None, compte)  # type: ignore[arg-type]
    assert gardees == [["a"], ["a", "b"], ["a", "b", "c"]]
    lu = json.loads(sortie.read_text())
    assert (lu["interrompus"], list(lu["chapitres_s"])) == (["un", "trois"], ["deux"])
    assert compte.conclusion().splitlines()[-1] == "Chapitres interrompus : un, trois."


def test_les_dernieres_mesures_publiees_n_ont_pas_d_echec_que_rien_n_explique() -> None:
    publiees = json.loads(max((RACINE / "docs" / "mesures").glob("*.json")).read_text())
    manquees = {une["cle"] for une in publiees["lignes"] if une["verdict"] == "FAIL"}
    assert manquees - CAUSES.keys() == set()


def test_ce_que_pese_une_famille_compte_ceux_qu_elle_lance() -> None:
    """A child that holds fifty megabytes, of a process that holds nothing."""
    enfant = "x = bytearray(50_000_000); x[::4096] = b'x' * len(x[::4096]); print('pret', flush=True); input()"
    parent = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {enfant!r}])"
    with subprocess.Popen([sys.executable, "-c", parent], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as lance:
        assert lance.stdout
        assert lance.stdout.readline() == b"pret\n"
        with peser(lance.pid) as pesee:
            pid, petit = famille(lance.pid)
        assert 50 < pesee.plus_lourd < 75
        assert pesee.plus_lourd < pesee.ensemble < pesee.plus_lourd + 25
        assert (pid, pss(pid) < 25 < pss(petit)) == (lance.pid, True)
        lance.communicate(b"\n")
    assert (lance.returncode, pss(lance.pid)) == (0, 0.0)
