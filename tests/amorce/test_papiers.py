"""What is written for whoever takes the code over: every path, module, command and link that it names is there."""

import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path
from pkgutil import resolve_name
from urllib.parse import unquote

import pytest
import yaml
from django.core.management import get_commands

from rebond.amorce import commandes, environnement

RACINE = environnement.RACINE
PAPIERS = sorted([*RACINE.glob("*.md"), *(RACINE / "docs").rglob("*.md")])
LIEN = re.compile(r"\]\((?!https?:|mailto:)([^)#\s]*)(?:#([^)\s]+))?\)")
CODE = re.compile(r"`([^`\n]+)`")
# « `path` : `name`, `name` »: what is to be found in the file.
ENDROIT = re.compile(r"`([\w./-]+\.\w+)` : ((?:`\w+`(?:, | et )?)+)")
# « `name`, in `path` », as papers in English say it.
EN_ANGLAIS = re.compile(r"`(\w+)`, in `([\w./-]+\.\w+)`")
DES_NOTRES = {chemin.name for chemin in RACINE.iterdir() if chemin.is_dir() and not chemin.name.startswith(".")}
# The mandatory keys of the publiccode.yml standard, version 0.4.
CLES_OBLIGATOIRES = {
    *("publiccodeYmlVersion", "name", "url", "platforms", "developmentStatus", "softwareType", "description"),
    *("legal", "maintenance", "localisation"),
}
RACINES_DE_MODULES = ("rebond", "territoires", "candidatures", "projets", "tests")


def nom(papier: Path) -> str:
    return str(papier.relative_to(RACINE))


def ancre(titre: str) -> str:
    return re.sub(r"[^\w\- ]", "", titre.lower()).strip().replace(" ", "-")


def codes(texte: str) -> Iterator[str]:
    """What stands between backticks, in prose and in tables."""
    return iter(CODE.findall(re.sub(r"```.*?```", "", texte, flags=re.DOTALL)))


@pytest.mark.parametrize("papier", PAPIERS, ids=nom)
def test_tout_lien_mene_quelque_part(papier: Path) -> None:
    for cible, fragment in LIEN.findall(papier.read_text()):
        chemin = papier.parent / unquote(cible) if cible else papier
        assert chemin.exists(), f"{nom(papier)} mène à {cible}"
        if fragment:
            titres = re.findall(r"^#+ (.+)$", chemin.read_text(), flags=re.MULTILINE)
            assert fragment in {ancre(titre) for titre in titres}, f"{nom(papier)} mène à {cible}#{fragment}"


@pytest.mark.parametrize("papier", PAPIERS, ids=nom)
def test_tout_chemin_nomme_existe(papier: Path) -> None:
    for code in codes(papier.read_text()):
        if code.split("/")[0] in DES_NOTRES and re.fullmatch(r"[\w./-]+", code) and "/" in code:
            assert (RACINE / code).exists(), f"{nom(papier)} nomme {code}"


@pytest.mark.parametrize("papier", PAPIERS, ids=nom)
def test_tout_module_nomme_existe(papier: Path) -> None:
    for code in codes(papier.read_text()):
        if code.split(".")[0] in RACINES_DE_MODULES and re.fullmatch(r"\w+(\.\w+)+", code):
            try:
                resolve_name(code)
            except (ImportError, AttributeError) as absence:
                raise AssertionError(f"{nom(papier)} nomme {code}") from absence


@pytest.mark.parametrize("papier", PAPIERS, ids=nom)
def test_toute_commande_nommee_existe(papier: Path) -> None:
    texte = papier.read_text()
    cibles = set(re.findall(r"^([a-z]+):", (RACINE / "Makefile").read_text(), flags=re.MULTILINE))
    for cible in re.findall(r"(?:^|`|\b[A-Z]+=\S+ )make ([a-z]+)", texte, flags=re.MULTILINE):
        assert cible in cibles, f"{nom(papier)} nomme make {cible}"
    for commande in re.findall(r"rebond\.amorce ([a-z]+)", texte):
        assert commande in commandes.COMMANDES, f"{nom(papier)} nomme {commande}"
    for commande in re.findall(r"manage\.py ([a-z_]+)", texte):
        assert commande in get_commands(), f"{nom(papier)} nomme manage.py {commande}"


def test_le_guide_dit_ou_est_chaque_chose() -> None:
    texte = (RACINE / "CONTRIBUTING.md").read_text()
    endroits = ENDROIT.findall(texte)
    assert len(endroits) >= 12
    for chemin, noms in endroits:
        contenu = (RACINE / chemin).read_text()
        for cherche in CODE.findall(noms):
            assert re.search(rf"\b{cherche}\b", contenu), f"{cherche} n’est pas dans {chemin}"


def test_ce_que_les_papiers_disent_dans_un_fichier_y_est() -> None:
    endroits = [endroit for papier in PAPIERS for endroit in EN_ANGLAIS.findall(papier.read_text())]
    assert endroits
    for cherche, chemin in endroits:
        assert re.search(rf"\b{cherche}\b", (RACINE / chemin).read_text()), f"{cherche} n’est pas dans {chemin}"


def test_le_guide_cite_un_essai_qui_existe() -> None:
    cites = set(re.findall(r"\btest_\w+(?!\w|\.py)", (RACINE / "CONTRIBUTING.md").read_text()))
    ecrits = {
        essai
        for chemin in (RACINE / "tests").rglob("test_*.py")
        for essai in (chemin.stem, *re.findall(r"def (test_\w+)", chemin.read_text()))
    }
    assert cites
    assert cites <= ecrits


def test_toute_decision_est_dans_la_liste() -> None:
    decisions = RACINE / "docs" / "decisions"
    ecrites = sorted(chemin.name for chemin in decisions.glob("[0-9]*.md"))
    listees = re.findall(
        r"^\| (\d+) \| \[(.+?)\]\((\S+)\) \|$", (decisions / "README.md").read_text(), flags=re.MULTILINE
    )
    assert [cible for _, _, cible in listees] == ecrites
    for rang, titre, cible in listees:
        assert (decisions / cible).read_text().startswith(f"# {rang}. {titre}\n")
        assert cible.startswith(f"{int(rang):04d}-")


def test_la_fiche_du_logiciel_public_est_complete() -> None:
    fiche = yaml.safe_load((RACINE / "publiccode.yml").read_text())
    assert fiche.keys() >= CLES_OBLIGATOIRES
    assert fiche["legal"]["license"] == "EUPL-1.2"
    description = fiche["description"]["fr"]
    assert len(description["shortDescription"]) <= 150
    assert 150 <= len(description["longDescription"]) <= 10_000
    assert all(len(trait) <= 100 for trait in description["features"])
    assert all((RACINE / image).is_file() for image in description["screenshots"])


def test_la_licence_est_une_et_partout_la_meme() -> None:
    assert (RACINE / "LICENSE").read_text().split("\n", 1)[0].strip() == "EUROPEAN UNION PUBLIC LICENCE v. 1.2"
    projet = tomllib.loads((RACINE / "pyproject.toml").read_text())["project"]
    assert projet["license"] == "EUPL-1.2"
    assert "(LICENSE)" in (RACINE / "README.md").read_text()


def test_les_controles_de_chaque_commit_sont_locaux_et_valides() -> None:
    fichier = RACINE / ".pre-commit-config.yaml"
    assert {depot["repo"] for depot in yaml.safe_load(fichier.read_text())["repos"]} == {"local"}
    prek = Path(sys.executable).with_name("prek")
    constat = subprocess.run([prek, "validate-config", fichier], capture_output=True, text=True, check=False)
    assert constat.returncode == 0, constat.stderr
