"""What a command loads to begin with, and why the rest comes later."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

from rebond.amorce import commandes, environnement
from tests.outils.enfants import environ_d_un_enfant

RACINE = Path(__file__).resolve().parent.parent.parent
PRODUIT = [RACINE / nom for nom in ("manage.py", "rebond", "territoires", "candidatures", "projets")]
# What takes tens of milliseconds or of megabytes, and that no command needs before it does what needs it.
LOURDS = (
    "PIL",
    "celery",
    "docx",
    "gunicorn",
    "icalendar",
    "jwt",
    "kombu",
    "lxml",
    "markdown_it",
    "pikepdf",
    "puremagic",
    "pypdfium2",
    "python_calamine",
    "redis",
    "shapely",
    "weasyprint",
    "xlsxwriter",
    "yaml",
)
DEMARRER = (
    "import sys, django; django.setup(); from django.urls import reverse; reverse('accueil'); "
    "from django.core.cache import cache; cache.key_prefix; "
    f"print(*sorted(sys.modules.keys() & {set(LOURDS)!r}))"
)
# Why an import waits for its function.
RAISONS = {
    "apps": "Django must be set up first",
    "bootstrap": "runs before the packages are installed, or where servers are not up yet",
    "heavy": "few who load this module need it",
    "optional": "is not installed everywhere",
}


def test_une_commande_ne_charge_en_demarrant_rien_de_lourd() -> None:
    fini = subprocess.run(
        [sys.executable, "-c", DEMARRER], env=environ_d_un_enfant(), capture_output=True, text=True, check=True
    )
    assert fini.stdout.split() == []


def tardifs(source: str) -> list[tuple[int, str]]:
    """The line and the reason of each import that a function makes."""
    if not re.search(r"^\s+(import|from)\s", source, re.MULTILINE):
        return []
    lignes = source.splitlines()
    trouves = {
        noeud.lineno: lignes[(noeud.end_lineno or noeud.lineno) - 1]
        for fonction in ast.walk(ast.parse(source))
        if isinstance(fonction, ast.FunctionDef | ast.AsyncFunctionDef)
        for noeud in ast.walk(fonction)
        if isinstance(noeud, ast.Import | ast.ImportFrom)
    }
    raisons = {numero: re.search(r"late: (\w+)(?: \(|$)", ligne) for numero, ligne in trouves.items()}
    return [(numero, raison[1] if raison else "") for numero, raison in sorted(raisons.items())]


def test_chaque_import_tardif_dit_pourquoi() -> None:
    fichiers = [fichier for racine in PRODUIT for fichier in ([racine] if racine.is_file() else racine.rglob("*.py"))]
    muets = [
        f"{fichier.relative_to(RACINE)}:{numero} : « {raison} »"
        for fichier in fichiers
        if "migrations" not in fichier.parts
        for numero, raison in tardifs(fichier.read_text())
        if raison not in RAISONS
    ]
    assert muets == []


@pytest.mark.parametrize(
    ("source", "vus"),
    [
        ("import os\ndef f():\n    import re\n", [(3, "")]),
        ("def f():\n    from a import b  # noqa: F401 – late: heavy\n", [(2, "heavy")]),
        ("def f():\n    import a  # late: parce que\n", [(2, "")]),
    ],
)
def test_un_import_tardif_se_voit(source: str, vus: list[tuple[int, str]]) -> None:
    assert tardifs(source) == vus


def test_ce_qui_ne_peut_se_garder_a_cote_des_sources_se_garde_avec_les_outils(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(environnement, "VENV", tmp_path)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    environ = environ_d_un_enfant() | commandes._compiles()
    subprocess.run([sys.executable, "-c", "import rebond.amorce.ports"], cwd=RACINE, env=environ, check=True)
    assert [trouve.name.partition(".")[0] for trouve in (tmp_path / "compiles").rglob("ports.*.pyc")] == ["ports"]


def test_ou_rien_ne_le_defend_rien_ne_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("PYTHONDONTWRITEBYTECODE", raising=False)
    assert commandes._compiles() == {}
