"""What the suite compiles once is read by the processes that follow."""

import subprocess
import sys
from pathlib import Path

import pytest

from rebond.amorce import commandes, environnement
from tests.outils.enfants import environ_d_un_enfant


def test_ce_qui_ne_peut_se_garder_a_cote_des_sources_se_garde_avec_les_outils(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environnement, "VENV", tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environ = environ_d_un_enfant() | commandes._compiles()
    subprocess.run(
        [sys.executable, "-c", "import rebond.amorce.ports"], cwd=environnement.RACINE, env=environ, check=True
    )
    assert [trouve.name.partition(".")[0] for trouve in (tmp_path / "compiles").rglob("ports.*.pyc")] == ["ports"]


def test_ou_rien_ne_le_defend_rien_ne_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    assert commandes._compiles() == {}
