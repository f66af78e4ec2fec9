"""An action is one transaction that changes something: what only reads is in `requetes`, what judges in `regles`."""

import ast
from collections.abc import Iterator
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
CHANGENT = {
    *("add", "set", "create", "create_user", "bulk_create", "get_or_create", "update_or_create", "inserer_depuis"),
    *("save", "update", "delete", "execute", "appliquer", "appliquer_a_tous", "appliquer_a_la_selection"),
    *("atomic", "select_for_update", "exclusif", "attendre", "prendre"),
    *("mettre_en_file", "mettre_en_file_lot", "mettre_en_file_selection", "planifier"),
    *("enregistrer", "garder_document", "write", "unlink"),
}


def modules() -> Iterator[Path]:
    for paquet in ("candidatures", "projets", "territoires", "rebond"):
        for fichier in (RACINE / paquet).rglob("*.py"):
            if fichier.stem == "actions" or (fichier.parent.name == "actions" and fichier.name != "__init__.py"):
                yield fichier


def appels(fonction: ast.AST) -> set[str]:
    """The names of what a function calls, or is decorated by."""
    noms = {n.attr for n in ast.walk(fonction) if isinstance(n, ast.Attribute)}
    return noms | {n.id for n in ast.walk(fonction) if isinstance(n, ast.Name)}


def sans_effet(sources: dict[str, str]) -> list[str]:
    """The public functions that change nothing, themselves nor through any function of these modules."""
    fonctions = {
        (nom, n.name): n
        for nom, texte in sources.items()
        for n in ast.parse(texte).body
        if isinstance(n, ast.FunctionDef)
    }
    agissent = {n.name for n in fonctions.values() if appels(n) & CHANGENT}
    while True:
        suite = agissent | {n.name for n in fonctions.values() if appels(n) & agissent}
        if suite == agissent:
            break
        agissent = suite
    return sorted(f"{nom} {n}" for nom, n in fonctions if not n.startswith("_") and n not in agissent)


def test_toute_action_change_quelque_chose() -> None:
    sources = {str(m.relative_to(RACINE)): m.read_text() for m in modules()}
    assert len(sources) > 30
    assert sans_effet(sources) == []


def test_une_lecture_parmi_les_actions_serait_vue() -> None:
    fautive = "def lire(x):\n    return Modele.objects.filter(pk=x).first()"
    bonne = "def agir(x):\n    _poser(x)\n\ndef _poser(x):\n    x.save()"
    assert sans_effet({"a": fautive, "b": bonne}) == ["a lire"]
