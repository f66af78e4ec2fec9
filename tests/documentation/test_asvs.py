"""What `docs/asvs.md` says of the standard is whole, counted, and points at what exists."""

import ast
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pytest
from django.conf import settings

PAPIER = settings.RACINE / "docs" / "asvs.md"
VERDICTS = ("met", "partly", "not met", "n/a")
MANQUE = "**Lacks**:"
LIGNE = re.compile(r"\| (\d+\.\d+\.\d+) \| ([12]) \| ([^|]+) \| ([^|]+) \| ([^|]+) \|")
COMPTE = re.compile(r"\| (?:\[(\d+)\. [^|]+|\*\*all\*\*) \| ([\d|* ]+) \|")
# A file of the repository, and what is in it; words between backticks that name none are left alone.
CHEMIN = re.compile(r"`([\w.-]+(?:/[\w.-]+)+)(?:::(\w+))?`")
A_LA_RACINE = re.compile(r"`(\.?[\w-]+\.(?:md|toml|yml)|Dockerfile|\.dockerignore)(?:::(\w+))?`")
LIEN = re.compile(r"\]\(([\w./-]+\.md)(?:#[\w-]+)?\)")


@dataclass(frozen=True)
class Exigence:
    numero: str
    niveau: str
    quoi: str
    verdict: str
    ou: str

    @property
    def endroits(self) -> list[tuple[str, str]]:
        """Paths named, each with what is named in it."""
        return [*CHEMIN.findall(self.ou), *A_LA_RACINE.findall(self.ou)]


EXIGENCES = [Exigence(*(mot.strip() for mot in trouve)) for trouve in LIGNE.findall(PAPIER.read_text())]


def du_standard() -> dict[str, str]:
    lignes = Path(__file__).with_name("asvs.txt").read_text().splitlines()
    return dict(ligne.split() for ligne in lignes if not ligne.startswith("#"))


@cache
def noms_de(chemin: Path) -> frozenset[str]:
    """What a module of Python defines, at any depth; the words of any other file."""
    texte = chemin.read_text()
    if chemin.suffix != ".py":
        return frozenset(re.findall(r"\w+", texte))
    return frozenset(_definis(ast.parse(texte)))


def _definis(arbre: ast.AST) -> Iterator[str]:
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.FunctionDef | ast.ClassDef):
            yield noeud.name
        elif isinstance(noeud, ast.Name) and isinstance(noeud.ctx, ast.Store):
            yield noeud.id


def test_chaque_exigence_des_deux_niveaux_y_est_une_fois_a_son_rang() -> None:
    assert [(exigence.numero, exigence.niveau) for exigence in EXIGENCES] == list(du_standard().items())
    # No line of the table was left out for being written otherwise.
    assert len(re.findall(r"^\| \d+\.\d+", PAPIER.read_text(), re.MULTILINE)) == len(EXIGENCES) == 253


@pytest.mark.parametrize("exigence", EXIGENCES, ids=lambda exigence: exigence.numero)
def test_un_verdict_est_connu_et_montre_ce_qu_il_dit(exigence: Exigence) -> None:
    assert exigence.verdict in VERDICTS
    absents = [chemin for chemin, _ in exigence.endroits if not (settings.RACINE / chemin).exists()]
    assert absents == []
    inconnus = [
        f"{chemin}::{nom}" for chemin, nom in exigence.endroits if nom and nom not in noms_de(settings.RACINE / chemin)
    ]
    assert inconnus == []
    assert all((PAPIER.parent / lien).exists() for lien in LIEN.findall(exigence.ou))
    if exigence.verdict == "met":
        assert exigence.endroits or LIEN.findall(exigence.ou), "rien n’est montré"
    assert (MANQUE in exigence.ou) == (exigence.verdict == "partly")


def test_les_comptes_sont_ceux_du_tableau() -> None:
    comptes = Counter((exigence.numero.split(".")[0], exigence.verdict) for exigence in EXIGENCES)
    dits = {
        chapitre: [int(mot) for mot in re.findall(r"\d+", nombres)]
        for chapitre, nombres in COMPTE.findall(PAPIER.read_text())
    }
    chapitres = list(dict.fromkeys(exigence.numero.split(".")[0] for exigence in EXIGENCES))
    attendus = {chapitre: [comptes[chapitre, verdict] for verdict in VERDICTS] for chapitre in chapitres}
    attendus[""] = [sum(compte[rang] for compte in attendus.values()) for rang in range(len(VERDICTS))]
    assert dits == {chapitre: [*compte, sum(compte)] for chapitre, compte in attendus.items()}


def test_ce_qui_manque_est_dit_en_tete_par_des_numeros_qui_manquent() -> None:
    tete = PAPIER.read_text().partition("\n## ")[0]
    cites = set(re.findall(r"\b\d+\.\d+\.\d+\b", tete.partition("What is not met")[2]))
    manquent = {exigence.numero for exigence in EXIGENCES if exigence.verdict in {"partly", "not met"}}
    assert cites
    assert cites <= manquent
