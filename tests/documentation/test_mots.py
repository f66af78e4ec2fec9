"""One word for one thing, on screens, in letters and documents: the words that were given up do not come back."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

RACINE = Path(__file__).resolve().parents[2]
PAQUETS = ("candidatures", "projets", "rebond", "territoires")
MARQUE = re.compile(r"{{.*?}}|{%.*?%}|{#.*?#}|<[^>]*>", re.DOTALL)
CITE = re.compile(r'"([^"\n]*)"')
#: What was said, and what is said.
ABANDONNES = {
    r"adresses? électroniques?": "adresse e-mail",
    r"courriels?\b": "e-mail",
    r"calendrier des relèves": "dates de dépôt",
    r"\bco-porteurs?\b": "coresponsable",
    r"\b(le|la|du|au|son|un|nouveau|ancien|autre|les|des) porteurs?\b": "responsable du dossier",
    r"\bconcours\b": "aide",
    r"ne plus attendre cette correction": "fermer la demande de correction",
    r"à constater\b": "à vérifier",
    r"suite donnée": "résultat",
    r"où en est-elle": "état",
    r"\bfig(er|ez|és?|ées?)\b": "arrêter le texte",
    r"motif du rectificatif": "raison de la correction",
    r"ce champ est obligatoire": "ce que la question demande",
    r"vous serez contactée?": "nous vous contacterons",
    r"en l’état, personne": "tant qu’il n’est pas déposé, personne",
    r"l’instant qui compte": "cliquez sur « Déposer » avant l’heure de clôture",
    r"à quelle heure outre-mer": "l’heure de clôture outre-mer",
    r"consultants?\b": "experts",
}
#: Where the word is not the one that was given up: what a database keeps, or another thing of the same name.
PERMIS = {
    "templates/candidatures/administration/cahier/cahier.html": {"figé"},
    "candidatures/vagues/regles.py": {"figé"},
}
FAUTES = [re.compile(motif, re.IGNORECASE) for motif in ABANDONNES]


def textes_d_un_gabarit(source: str) -> Iterator[str]:
    yield MARQUE.sub(" ", source)
    for balise in MARQUE.findall(source):
        if balise.startswith(("{%", "{{", "<")):
            yield from (MARQUE.sub(" ", cite) for cite in CITE.findall(balise))


def textes_d_un_module(source: str) -> Iterator[str]:
    """What is written for people: strings with a space, but the docstrings; those of an f-string, part by part."""
    arbre = ast.parse(source)
    muets = {
        id(noeud.body[0].value)
        for noeud in ast.walk(arbre)
        if isinstance(noeud, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and noeud.body
        and isinstance(noeud.body[0], ast.Expr)
    }
    for noeud in ast.walk(arbre):
        if not isinstance(noeud, ast.Constant) or not isinstance(noeud.value, str) or id(noeud) in muets:
            continue
        if re.search(r"\s", noeud.value.strip()) and "SELECT" not in noeud.value and "NEW." not in noeud.value:
            yield noeud.value


def fautes(textes: Iterator[str]) -> set[str]:
    return {trouve[0].casefold() for texte in textes for faute in FAUTES for trouve in faute.finditer(texte)}


def test_les_mots_abandonnes_ne_reviennent_pas() -> None:
    ecrits = [f for f in (RACINE / "templates").rglob("*") if f.suffix in {".html", ".txt"}]
    modules = [
        f
        for paquet in PAQUETS
        for f in (RACINE / paquet).rglob("*.py")
        if "migrations" not in f.relative_to(RACINE).parts
    ]
    assert len(ecrits) > 200
    assert len(modules) > 300
    lus = {f: textes_d_un_gabarit(f.read_text()) for f in ecrits} | {
        f: textes_d_un_module(f.read_text()) for f in modules
    }
    revenus = {}
    for fichier, textes in lus.items():
        nom = str(fichier.relative_to(RACINE))
        if trouves := fautes(textes) - PERMIS.get(nom, set()):
            revenus[nom] = sorted(trouves)
    assert revenus == {}


@pytest.mark.parametrize(
    ("texte", "faute"),
    [
        ("<p>Vous recevrez un courriel.</p>", "courriel"),
        ('{% include "a.html" with texte="Une adresse électronique manque" %}', "adresse électronique"),
        ('<a title="Le nouveau porteur du dossier">', "nouveau porteur"),
    ],
)
def test_un_mot_abandonne_serait_vu_dans_un_gabarit(texte: str, faute: str) -> None:
    assert faute in fautes(textes_d_un_gabarit(texte))


def test_un_mot_abandonne_serait_vu_dans_un_module() -> None:
    source = 'class A:\n    """Un courriel."""\n    x = f"Le porteur {a} décide"\n    y = "courriel"\n'
    assert fautes(textes_d_un_module(source)) == {"le porteur"}
