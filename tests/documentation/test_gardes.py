"""What `docs/gardes.md` says of the guards of the instruction is whole, and points at tests that are there."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps

RACINE = Path(__file__).resolve().parents[2]
PAGE = (RACINE / "docs/gardes.md").read_text()
PIECES = ("candidatures.instruction", "candidatures.evaluation")
# What triggers of other tables make, and nobody writes (`manage.py verifier_suivi`); what every kept table bears.
FAITES = {"MembreDeTerritoire", "RegionDEpci", "DepartementDEpci", "TexteDuDossier"}
PARTOUT = {"jamais_videe"}
LIGNE = re.compile(r"^\| (\w+) \| `(\w+)` \| `([^`]+\.py)`(?: `(\w+)`)? \|$", re.MULTILINE)


def gardes() -> set[tuple[str, str]]:
    """By model, the names of its constraints and triggers."""
    modeles: list[Any] = [m for m in apps.get_models() if m.__module__.startswith(PIECES) and m.__name__ not in FAITES]
    return {
        (modele.__name__, garde.name)
        for modele in modeles
        for garde in (*modele._meta.constraints, *getattr(modele._meta, "triggers", ()))
        if garde.name not in PARTOUT
    }


def test_chaque_garde_de_l_instruction_est_dans_la_page() -> None:
    dites = [(modele, garde) for modele, garde, _, _ in LIGNE.findall(PAGE)]
    assert len(set(dites)) == len(dites)
    assert {*dites} == gardes()


@pytest.mark.parametrize(("garde", "fichier", "essai"), [ligne[1:] for ligne in LIGNE.findall(PAGE)])
def test_son_essai_existe(garde: str, fichier: str, essai: str) -> None:
    trouves = [chemin for base in ("tests", "tests/candidatures") if (chemin := RACINE / base / fichier).exists()]
    assert trouves, garde
    assert not essai or f"def {essai}(" in trouves[0].read_text(), essai
