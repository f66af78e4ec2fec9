"""The key of names: the same in Python and in Postgres, so that no list depends on where it was sorted."""

import ast
import unicodedata
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings as reglages
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rebond.socle.texte.noms import nom_nu

# Postgres knows a later Unicode than Python, and no text of it holds the character 0.
LETTRES = st.characters(exclude_categories=("Cs", "Cn"), exclude_characters="\0")


DES_NOTRES = ("rebond", "territoires", "candidatures", "projets")
NOMS = frozenset({"nom", "prenom", "titre", "intitule", "libelle", "label"})


def selon_postgres(*textes: str) -> list[str]:
    with connection.cursor() as curseur:
        curseur.execute("SELECT nom_nu(texte) FROM unnest(%s::text[]) WITH ORDINALITY AS t(texte, rang)", [[*textes]])
        return [nu for (nu,) in curseur.fetchall()]


@pytest.mark.parametrize(
    ("nom", "nu"),
    [
        ("L’Haÿ-les-Roses", "l hay les roses"),
        ("Cœur d'Étampes", "coeur d etampes"),
        ("CA de Blois «\u00a0Agglopolys\u00a0»", "ca de blois agglopolys"),
        ("  Île–de‐France…", "ile de france"),
        ("E\u0301cully", "ecully"),
        ("Straße, Łódź, Ørsted", "strasse lodz orsted"),
        ("№ 2 – ﬁlature", "no 2 filature"),
        ("Ωμέγα", "Ωμεγα"),
        ("’", ""),
    ],
)
def test_un_nom_nu_n_a_ni_accent_ni_ponctuation_ni_capitale(db: None, nom: str, nu: str) -> None:
    assert (nom_nu(nom), selon_postgres(nom)) == (nu, [nu])


@pytest.mark.jumeau("postgres:nom_nu")
@pytest.mark.django_db
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.text(LETTRES, max_size=12), min_size=1, max_size=20))
def test_postgres_et_python_mettent_tout_texte_a_nu_pareil(textes: list[str]) -> None:
    assert selon_postgres(*textes) == [nom_nu(texte) for texte in textes]


def test_chaque_lettre_latine_se_met_a_nu_pareil(db: None) -> None:
    lettres = [chr(code) for code in (*range(1, 0x250), *range(0x1E00, 0x1F00), *range(0x2000, 0x2070))]
    connues = [lettre for lettre in lettres if unicodedata.category(lettre) != "Cn"]
    assert selon_postgres(*connues) == [nom_nu(lettre) for lettre in connues]


def test_une_liste_se_trie_pareil_en_python_et_en_sql(db: None) -> None:
    noms = ["Zuydcoote", "Île-de-France", "île", "Écully", "Ecully-bis", "Dijon", "élan", "L’Isle", "L'Île", "ørsted"]
    with connection.cursor() as curseur:
        curseur.execute(
            'SELECT nom FROM unnest(%s::text[]) AS nom ORDER BY nom_nu(nom) COLLATE "C", nom COLLATE "C"', [noms]
        )
        tries = [nom for (nom,) in curseur.fetchall()]
    assert tries == sorted(noms, key=lambda nom: (nom_nu(nom), nom))
    assert tries[:4] == ["Dijon", "Écully", "Ecully-bis", "élan"]
    assert tries[-1] == "Zuydcoote"


def _nomme(noeud: ast.AST) -> bool:
    """« -territoire__nom », an attribute `.nom`, a variable `noms`."""
    if isinstance(noeud, ast.Constant) and isinstance(noeud.value, str):
        return noeud.value.removeprefix("-").rpartition("__")[2] in NOMS
    dit = getattr(noeud, "attr", getattr(noeud, "id", ""))
    return dit in NOMS or dit.removesuffix("s") in NOMS


def _nus(noeud: ast.AST) -> Iterator[ast.AST]:
    """What lies in it, but for what `alphabetique` or `nom_nu` lays bare."""
    if isinstance(noeud, ast.Call) and getattr(noeud.func, "id", "") in {"alphabetique", "nom_nu"}:
        return
    yield noeud
    for enfant in ast.iter_child_nodes(noeud):
        yield from _nus(enfant)


def _premier(trie: ast.AST) -> ast.AST:
    """What `sorted` compares first, without a key; nothing that can be told of a call."""
    if isinstance(trie, ast.GeneratorExp | ast.ListComp | ast.SetComp):
        return _premier(trie.elt)
    if isinstance(trie, ast.Tuple):
        return _premier(trie.elts[0])
    return trie if isinstance(trie, ast.Name | ast.Attribute | ast.JoinedStr) else ast.Pass()


def _ordres(arbre: ast.AST) -> Iterator[ast.AST]:
    """What something is sorted by: `order_by(…)`, `ordering`, `TRIS`, `sorted(…, key=…)`, `sorted(noms)`."""
    for noeud in ast.walk(arbre):
        if isinstance(noeud, ast.Assign | ast.AnnAssign) and noeud.value is not None:
            cibles = noeud.targets if isinstance(noeud, ast.Assign) else [noeud.target]
            if {getattr(cible, "id", "") for cible in cibles} & {"ordering", "TRIS"}:
                yield from noeud.value.values if isinstance(noeud.value, ast.Dict) else [noeud.value]
        if not isinstance(noeud, ast.Call):
            continue
        nom = getattr(noeud.func, "attr", getattr(noeud.func, "id", ""))
        if nom == "order_by":
            yield from noeud.args
        elif nom in {"sorted", "sort"}:
            cles = [argument.value for argument in noeud.keywords if argument.arg == "key"]
            yield from cles or [_premier(argument) for argument in noeud.args[:1]]


def tries_par_octets(source: str) -> list[int]:
    """The lines that sort names otherwise than by `alphabetique` or `nom_nu`."""
    return [ordre.lineno for ordre in _ordres(ast.parse(source)) if any(_nomme(noeud) for noeud in _nus(ordre))]


@pytest.mark.parametrize(
    "source",
    [
        'lignes.order_by("nom", "pk")',
        'lignes.order_by("etat", "-territoire__nom")',
        'lignes.order_by(F("intitule").desc())',
        'class Meta:\n    ordering = ["nom"]',
        'TRIS = {"region": ("territoire__region_pilote__nom", "pk")}',
        "sorted(lignes, key=lambda ligne: (-ligne.montant, ligne.libelle))",
        "sorted(noms)",
        "sorted({lieu.nom for lieu in lieux})",
        "sorted((epci.libelle, epci.pk) for epci in epcis)",
    ],
)
def test_un_tri_de_noms_par_octets_se_voit(source: str) -> None:
    assert tries_par_octets(source)
    assert not tries_par_octets('lignes.order_by(alphabetique("nom"), "pk")')
    assert not tries_par_octets("sorted(noms, key=nom_nu)")


def test_aucun_nom_n_est_trie_par_octets() -> None:
    """Neither in the code nor in the default order of a model."""
    racine = Path(reglages.RACINE)
    fichiers = [f for app in DES_NOTRES for f in (racine / app).rglob("*.py") if "migrations" not in f.parts]
    assert len(fichiers) > 100
    fautifs = {
        f"{fichier.relative_to(racine)}:{ligne}"
        for fichier in fichiers
        for ligne in tries_par_octets(fichier.read_text())
    }
    assert fautifs == set()
    modeles = [m for m in apps.get_models() if m.__module__.startswith(DES_NOTRES)]
    assert [m for m in modeles if any(isinstance(o, str) and o.strip("-") in NOMS for o in m._meta.ordering)] == []
