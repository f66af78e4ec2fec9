"""`make dev` and `make shell`: what only development needs is refused, and unknown, anywhere else."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings

from rebond import developpement
from rebond.amorce import commandes, superviseur
from rebond.amorce.environnement import RACINE, fichier_verrou
from rebond.amorce.equipe import Poste, recharges
from rebond.environnement import ReglageInvalide
from tests.outils.enfants import environ_d_un_enfant

ICI = {
    "adresse": "http://localhost:8000",
    "ecoute": "127.0.0.1",
    "hotes": ["localhost", "[::1]"],
    "demonstration": True,
}
LIEU = "REBOND_DEBUG=oui est refusé avec REBOND_ECOUTE ou REBOND_HOTES d’ailleurs que d’ici."
OUTILS = ("debug_toolbar", "watchfiles")
DIRE = """
import sys
import rebond.settings as s
outils = [m for m in ("rebond.developpement", "debug_toolbar", "watchfiles") if m in sys.modules]
print(s.DEBUG, [a for a in s.INSTALLED_APPS + s.MIDDLEWARE if "debug_toolbar" in a], outils)
"""
SERVIR = """
import django
django.setup()
from django.apps import apps
from django.core.checks import run_checks
from django.urls import reverse
constats = run_checks([apps.get_app_config("debug_toolbar")])
print([constat.id for constat in constats if not constat.is_silenced()], reverse("djdt:render_panel"))
"""


def en_python(programme: str, **reglages: str) -> subprocess.CompletedProcess[str]:
    lieu = {"DJANGO_SETTINGS_MODULE": "rebond.settings", "REBOND_ADRESSE": "http://localhost:8000"}
    environ = environ_d_un_enfant(sauf=("REBOND_",))
    return subprocess.run(
        [sys.executable, "-c", programme],
        env={**environ, **commandes.INERTE, **lieu, **reglages},
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("ailleurs", "refus"),
    [
        (
            {"adresse": "https://rebond.example.fr"},
            "REBOND_DEBUG=oui est refusé avec REBOND_ADRESSE=https://rebond.example.fr : seul http://localhost va.",
        ),
        (
            {"adresse": "https://localhost"},
            "REBOND_DEBUG=oui est refusé avec REBOND_ADRESSE=https://localhost : seul http://localhost va.",
        ),
        (
            {"adresse": "http://rebond.example.fr"},
            "REBOND_DEBUG=oui est refusé avec REBOND_ADRESSE=http://rebond.example.fr : seul http://localhost va.",
        ),
        ({"ecoute": "192.0.2.1"}, LIEU),
        ({"hotes": ["localhost", "rebond.example.fr"]}, LIEU),
        (
            {"demonstration": False},
            "REBOND_DEBUG=oui est refusé sur d’autres données que celles de la démonstration.",
        ),
    ],
    ids=["https", "https ici", "autre machine", "autre interface", "autre nom", "vraies données"],
)
def test_les_erreurs_detaillees_sont_refusees_hors_de_son_poste(ailleurs: dict[str, object], refus: str) -> None:
    developpement.exiger_un_poste(**ICI)
    with pytest.raises(ReglageInvalide) as constat:
        developpement.exiger_un_poste(**(ICI | ailleurs))
    assert str(constat.value) == refus


def test_sans_ses_outils_le_developpement_dit_comment_les_avoir(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "debug_toolbar", None)
    with pytest.raises(ReglageInvalide) as constat:
        developpement.exiger_un_poste(**ICI)
    assert str(constat.value) == "REBOND_DEBUG=oui demande les outils du développement : lancez make dev."


def test_les_reglages_s_arretent_avant_toute_page_detaillee_en_production() -> None:
    constat = en_python(
        DIRE, REBOND_DEBUG="oui", REBOND_DEMONSTRATION="oui", REBOND_ADRESSE="https://rebond.example.fr"
    )
    assert constat.returncode == 1
    assert constat.stdout == ""
    assert "REBOND_DEBUG=oui est refusé avec REBOND_ADRESSE=https://rebond.example.fr" in constat.stderr


def test_ni_la_production_ni_la_demonstration_ne_connaissent_les_outils() -> None:
    for reglages in ({}, {"REBOND_DEMONSTRATION": "oui"}):
        assert en_python(DIRE, **reglages).stdout == "False [] []\n"
    assert not settings.DEBUG
    for nom in ("demo", "production"):
        assert not [outil for outil in OUTILS if outil.replace("_", "-") in fichier_verrou(nom).read_text()]
    assert all(outil.replace("_", "-") in fichier_verrou("dev").read_text() for outil in OUTILS)


def test_le_developpement_a_la_barre_et_rien_a_redire() -> None:
    reglages = {**superviseur.DEVELOPPEMENT, "REBOND_DEMONSTRATION": "oui"}
    assert en_python(DIRE, **reglages).stdout == (
        "True ['debug_toolbar', 'debug_toolbar.middleware.DebugToolbarMiddleware'] ['rebond.developpement']\n"
    )
    assert en_python(SERVIR, **reglages).stdout == "[] /__debug__/render_panel/\n"


def test_la_barre_voit_tout_ce_qui_ne_sert_pas_de_fichier() -> None:
    rangs = developpement.intergiciels(settings.MIDDLEWARE)
    barre = rangs.index("debug_toolbar.middleware.DebugToolbarMiddleware")
    assert rangs[barre - 1] == "whitenoise.middleware.WhiteNoiseMiddleware"
    assert [*rangs[:barre], *rangs[barre + 1 :]] == settings.MIDDLEWARE


def test_chaque_processus_repart_quand_un_fichier_change() -> None:
    [poste] = recharges([Poste("web", ["python", "-m", "gunicorn", "un mot"])], "python", dossiers=["rebond"])
    veilleur = ["python", "-m", "watchfiles", "--target-type", "command", "--sigint-timeout", "20"]
    assert poste == Poste("web", [*veilleur, "python -m gunicorn 'un mot'", "rebond"])
    assert all((RACINE / dossier).is_dir() for dossier in superviseur.SURVEILLES)


def test_le_shell_demande_des_donnees(tmp_path: Path) -> None:
    absent = tmp_path / "absent"
    environ = {nom: valeur for nom, valeur in os.environ.items() if nom not in {"DATABASE_URL", "REDIS_URL"}}
    constat = subprocess.run(
        [sys.executable, "-m", "rebond.amorce", "shell", "-c", "print(1)"],
        env={**environ, "REBOND_DONNEES": str(absent)},
        cwd=RACINE,
        capture_output=True,
        text=True,
        check=False,
    )
    assert (constat.returncode, constat.stdout) == (1, "")
    assert constat.stderr == f"Aucune donnée dans {absent} : lancez d'abord make dev ou make demo.\n"
    assert not absent.exists()
