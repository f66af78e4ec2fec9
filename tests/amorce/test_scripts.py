"""What reads the scripts: of the shell everywhere, of the pages where there is Node."""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from rebond.amorce import commandes, environnement, node

RACINE = environnement.RACINE
INTERPRETE = re.compile(rb"#!.*\b(ba|da)?sh\b")


def fichiers_du_depot() -> Iterator[Path]:
    for dossier, sous_dossiers, noms in os.walk(RACINE):
        sous_dossiers[:] = [nom for nom in sous_dossiers if nom == ".ci" or not nom.startswith((".", "node_modules"))]
        yield from (Path(dossier, nom) for nom in noms)


def test_tout_script_du_shell_est_verifie() -> None:
    trouves = {
        str(chemin.relative_to(RACINE))
        for chemin in fichiers_du_depot()
        if chemin.suffix in {"", ".sh"} and INTERPRETE.match(chemin.read_bytes()[:64])
    }
    assert trouves == set(commandes.SCRIPTS_DU_SHELL)


def test_tout_script_des_pages_demande_a_etre_verifie() -> None:
    scripts = sorted((RACINE / "static" / "rebond").glob("*.js"))
    assert scripts
    for script in scripts:
        assert script.read_text().startswith("// @ts-check\n"), script


def test_le_verrou_de_node_suit_ce_qui_est_demande_et_ne_nomme_aucun_hote() -> None:
    demandes = json.loads((node.DOSSIER / "package.json").read_text())["devDependencies"]
    paquets = json.loads(node.VERROU.read_text())["packages"]
    assert paquets.pop("")["devDependencies"] == demandes
    assert {nom: paquets[f"node_modules/{nom}"]["version"] for nom in demandes} == demandes
    for nom, paquet in paquets.items():
        assert paquet["integrity"].startswith("sha512-"), nom
        assert "resolved" not in paquet, nom


def test_sans_node_les_scripts_ne_sont_pas_verifies_et_c_est_dit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert node.controles() == []
    assert capsys.readouterr().out == "Node est absent : les scripts de static/rebond ne sont pas vérifiés.\n"


def test_sans_les_paquets_de_node_les_scripts_ne_sont_pas_verifies_et_c_est_dit(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    monkeypatch.setattr(node, "TEMOIN", tmp_path / "temoin")
    assert node.controles() == []
    assert capsys.readouterr().out == (
        "Biome et TypeScript n'ont pu être installés : les scripts de static/rebond ne sont pas vérifiés.\n"
    )
    assert not (tmp_path / "temoin").exists()
