"""What a migration imports must stand for ever: it is read again on each new machine."""

import ast
import sys
from pathlib import Path

RACINE = Path(__file__).resolve().parents[2]
DURABLES = ("django", "pgtrigger", "rebond.socle.bdd.expressions", "rebond.socle.bdd.bits")


def importes(source: str) -> set[str]:
    noeuds = list(ast.walk(ast.parse(source)))
    nus = {alias.name for n in noeuds if isinstance(n, ast.Import) for alias in n.names}
    return nus | {n.module or "" for n in noeuds if isinstance(n, ast.ImportFrom)}


def est_durable(module: str) -> bool:
    return module in sys.stdlib_module_names or any(module == nom or module.startswith(f"{nom}.") for nom in DURABLES)


def test_une_migration_n_importe_rien_qui_bouge() -> None:
    paquets = ("rebond", "territoires", "candidatures", "projets")
    fichiers = [m for paquet in paquets for m in RACINE.glob(f"{paquet}/**/migrations/0*.py")]
    lus = {str(m.relative_to(RACINE)): importes(m.read_text()) for m in fichiers}
    mouvants = {nom: sorted(i for i in modules if not est_durable(i)) for nom, modules in lus.items()}
    assert {nom: modules for nom, modules in mouvants.items() if modules} == {}
    assert len(fichiers) >= 4


def test_un_module_vivant_serait_vu() -> None:
    assert importes("import candidatures.vagues.models\nfrom rebond.socle.texte import noms") == {
        "candidatures.vagues.models",
        "rebond.socle.texte",
    }
    assert not est_durable("rebond.socle.texte")
    assert est_durable("rebond.socle.bdd.expressions")
