"""A module named in a text is where it says: a setting, a comment, a program in a string move with no tool's help."""

import ast
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from pkgutil import resolve_name

import pytest

from rebond.amorce import environnement
from rebond.celery import app

RACINE = environnement.RACINE
PAQUETS = ("rebond", "territoires", "candidatures", "projets")
NOM = re.compile(rf"(?:{'|'.join(PAQUETS)})(?:\.[A-Za-z_]\w*){{2,}}(?<!\.fr)(?<!\.example)")
PROGRAMME = re.compile(rf"^ *(?:from|import) ((?:{'|'.join(PAQUETS)})(?:\.\w+)+)", re.MULTILINE)
# A salt: it is a name like another, which signatures made yesterday bear.
SELS = {"rebond.socle.champs_de_page"}


def noms_dans(fichier: Path) -> Iterator[str]:
    if fichier.suffix == ".html":
        for commentaire in re.findall(r"{#(.*?)#}", fichier.read_text()):
            yield from NOM.findall(commentaire)
    else:
        for noeud in ast.walk(ast.parse(fichier.read_text())):
            if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
                yield from PROGRAMME.findall(noeud.value)
                if NOM.fullmatch(noeud.value):
                    yield noeud.value


@cache
def taches() -> frozenset[str]:
    app.loader.import_default_modules()
    return frozenset(app.tasks)


def existe(nom: str) -> bool:
    if nom in SELS or nom in taches():
        return True
    try:
        resolve_name(nom)
    except (ImportError, AttributeError):
        return False
    return True


@pytest.mark.parametrize("dossier", [*PAQUETS, "templates", "tests"])
def test_tout_module_nomme_dans_un_texte_existe(dossier: str) -> None:
    fichiers = [*(RACINE / dossier).rglob("*.py"), *(RACINE / dossier).rglob("*.html")]
    absents = {
        f"{fichier.relative_to(RACINE)} nomme {nom}"
        for fichier in fichiers
        if fichier != Path(__file__)
        for nom in noms_dans(fichier)
        if not existe(nom)
    }
    assert absents == set()


def test_un_nom_perime_se_voit(tmp_path: Path) -> None:
    module, gabarit = tmp_path / "a.py", tmp_path / "a.html"
    module.write_text(
        'worker_class = "rebond.socle.estampille.Ouvrier"\n'
        'code = "import sys\\nfrom candidatures.actions import cloture\\n"\n'
    )
    gabarit.write_text("{# Takes `x` (candidatures.lecture.Reponse). #}{{ x }}")
    assert [*noms_dans(module), *noms_dans(gabarit)] == [
        "rebond.socle.estampille.Ouvrier",
        "candidatures.actions",
        "candidatures.lecture.Reponse",
    ]
    assert not existe("rebond.socle.estampille.Ouvrier")
    assert existe("rebond.socle.horloge.ouvrier.OuvrierEstampilleur")
