"""The house keeps its measure: what cannot be taken in at a glance is usually two ideas."""

import ast
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from inspect import getsource, isfunction, unwrap
from pathlib import Path
from textwrap import dedent
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

RACINE = Path(__file__).resolve().parents[2]
PAQUETS = ("rebond", "territoires", "candidatures", "projets", "tests")
LIGNES_D_UN_MODULE, LIGNES_D_UNE_FONCTION, LIGNES_D_UNE_VUE, MODULES_D_UN_DOSSIER = 350, 50, 30, 20


def modules() -> Iterator[Path]:
    """Everything written by hand; Django writes the migrations."""
    for paquet in PAQUETS:
        yield from (m for m in (RACINE / paquet).rglob("*.py") if "migrations" not in m.parts)


def longueur(fonction: ast.stmt) -> int:
    """In lines, from its `def`: decorators do not count."""
    return (fonction.end_lineno or fonction.lineno) - fonction.lineno + 1


def test_aucun_module_n_est_trop_long() -> None:
    longs = {str(m.relative_to(RACINE)): len(m.read_text().splitlines()) for m in modules()}
    assert {nom: lignes for nom, lignes in longs.items() if lignes > LIGNES_D_UN_MODULE} == {}


def test_aucun_dossier_n_est_trop_plein() -> None:
    pleins = Counter(str(m.parent.relative_to(RACINE)) for m in modules() if m.name != "__init__.py")
    assert {nom: combien for nom, combien in pleins.items() if combien > MODULES_D_UN_DOSSIER} == {}


def test_aucune_fonction_n_est_trop_longue() -> None:
    longues = {
        f"{m.relative_to(RACINE)}:{n.lineno} {n.name}": longueur(n)
        for m in modules()
        for n in ast.walk(ast.parse(m.read_text()))
        if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)
    }
    assert {nom: lignes for nom, lignes in longues.items() if lignes > LIGNES_D_UNE_FONCTION} == {}


def vues(patrons: Iterable[URLPattern | URLResolver]) -> Iterator[Callable[..., Any]]:
    """The functions behind the addresses of the portal, without their decorators."""
    for patron in patrons:
        if isinstance(patron, URLResolver):
            yield from vues(patron.url_patterns)
        elif isfunction(vue := unwrap(patron.callback)) and vue.__module__.split(".")[0] in PAQUETS:
            yield vue


def test_aucune_vue_n_est_trop_longue() -> None:
    """What a view does beyond reading a request and answering it belongs to a room."""
    trouvees = {f"{vue.__module__}.{vue.__name__}": vue for vue in vues(get_resolver().url_patterns)}
    assert len(trouvees) > 100
    lignes = {nom: longueur(ast.parse(dedent(getsource(vue))).body[0]) for nom, vue in trouvees.items()}
    assert {nom: combien for nom, combien in lignes.items() if combien > LIGNES_D_UNE_VUE} == {}


def test_chaque_paquet_dit_ce_qu_il_tient() -> None:
    """The docstring of a room is the first thing that its visitor reads; a test needs none."""
    muets = [
        str(m.relative_to(RACINE))
        for m in modules()
        if m.name == "__init__.py" and "tests" not in m.parts and not ast.get_docstring(ast.parse(m.read_text()))
    ]
    assert [nom for nom in muets if not {"management", "commands", "templatetags"} & {*Path(nom).parts}] == []


# Doors, and what only serves the rooms: each has a contract of its own, or no layers.
SANS_COUCHES = {"pages", "management", "migrations", "templatetags"}


def test_chaque_piece_a_ses_couches() -> None:
    """A room made tomorrow enters the contract that orders what is inside a room."""
    contrats = tomllib.loads((RACINE / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (couches,) = (contrat for contrat in contrats if contrat["name"] == "Une pièce va de ses états à ses formulaires")
    rangees = {nom for couche in couches["layers"] for nom in couche.strip("()").split(") | (")}
    pieces = {
        ".".join(module.parent.relative_to(RACINE).parts)
        for paquet in ("candidatures", "projets")
        for module in (RACINE / paquet).glob("*/**/*.py")
        if module.stem in rangees and not SANS_COUCHES & {*module.parts}
    }
    # A layer that has become a package is no room.
    pieces = {piece for piece in pieces if piece.rpartition(".")[2] not in rangees}
    assert pieces - {*couches["containers"]} == set()
    assert len(pieces) > 15
