"""The commands of the Makefile."""

import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from rebond.amorce import environnement, node, ports, systeme
from rebond.amorce.erreurs import AmorceImpossible
from rebond.embarque import dossier_des_donnees

PYTHON = str(environnement.PYTHON)
# The type checker loads the settings but connects to nothing.
INERTE = {
    "DATABASE_URL": "postgresql://rebond@localhost/rebond",
    "REDIS_URL": "redis://localhost/0",
    "REBOND_CLE_SECRETE": "verification",
}
SCRIPTS_DU_SHELL = (".ci/run", "requirements/verrouiller", "tests/outils/racine_nue")


def main(arguments: Sequence[str]) -> int:
    nom, *suite = arguments or [""]
    commande = COMMANDES.get(nom)
    if commande is None:
        print(f"Commandes : {', '.join(COMMANDES)}.", file=sys.stderr)
        return 2
    os.chdir(environnement.RACINE)
    try:
        commande(suite)
    except AmorceImpossible as erreur:
        print(erreur, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


def demo(_: Sequence[str]) -> None:
    """The portal with its demonstration set, until Ctrl-C."""
    _servir("demo")


def dev(_: Sequence[str]) -> None:
    """The same for whoever changes the code: reload on save, errors in full, debug toolbar."""
    _servir("dev", "dev")


def shell(arguments: Sequence[str]) -> None:
    """Python with the models, on the data of the last demonstration; its servers are started if they are not up."""
    donnees = dossier_des_donnees(os.environ)
    if not os.environ.get("DATABASE_URL") and not donnees.is_dir():
        raise AmorceImpossible(f"Aucune donnée dans {donnees} : lancez d'abord make dev ou make demo.")
    environnement.installer("demo")
    _devenir(["manage.py", "shell", *arguments])


def test(arguments: Sequence[str]) -> None:
    """The whole suite, on every core up to four; or the part that `arguments` name, in one process."""
    _outiller_les_essais(arguments)
    _devenir(["-m", "pytest", *(arguments or _partage())], _compiles())


def couverture(arguments: Sequence[str]) -> None:
    """The same, then what of the product it ran, branch by branch. Slower by a third: nothing else asks for it."""
    _outiller_les_essais(arguments)
    _reussir(["-m", "coverage", "erase"])
    _reussir(["-m", "coverage", "run", "-m", "pytest", *(arguments or _partage())], _compiles())
    _reussir(["-m", "coverage", "combine", "--quiet"])
    _devenir(["-m", "coverage", "report"])


def mutation(arguments: Sequence[str]) -> None:
    """Small faults written into the rules, one at a time: a test must fail for each."""
    _outiller()
    systeme.eprouver([systeme.IMPRESSION], PYTHON)
    _devenir(["-m", "tests.mutation", *arguments])


def bench(arguments: Sequence[str]) -> None:
    """Each page beside its floors, at the sizes of a national call; `arguments`: some chapters, a smaller part."""
    _outiller()
    systeme.eprouver([systeme.IMPRESSION], PYTHON)
    _devenir(["-m", "tests.banc", *arguments])


def stampede(arguments: Sequence[str]) -> None:
    """Deposits across a deadline, five times more than the portal can take, while it is being damaged."""
    _outiller()
    _devenir(["-m", "tests.stampede", *arguments])


def captures(_: Sequence[str]) -> None:
    """The main pages at three widths, from the demonstration at `PORT`, or from one that is started for it."""
    _outiller()
    systeme.eprouver([systeme.NAVIGATEUR], PYTHON)
    _devenir(["-m", "tests.captures"], {"PORT": str(ports.port_demande(os.environ))})


def style(_: Sequence[str]) -> None:
    _outiller()
    _reussir(["-m", "ruff", "check", "."])
    _reussir(["-m", "ruff", "format", "--check", "."])


def gabarits(_: Sequence[str]) -> None:
    _outiller()
    _reussir(["-m", "djlint", "--lint", "--quiet", "templates"])


def scripts(_: Sequence[str]) -> None:
    """Those of the shell, and where there is Node those of the pages."""
    _outiller()
    _lancer([environnement.VENV / "bin" / "shellcheck", *SCRIPTS_DU_SHELL])
    for controle in node.controles():
        _lancer(controle)


def types(_: Sequence[str]) -> None:
    _outiller()
    _reussir(["-m", "mypy"], INERTE)


def contrats(_: Sequence[str]) -> None:
    _outiller()
    _reussir(["-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache"])


def migrations(_: Sequence[str]) -> None:
    _outiller()
    _reussir(["manage.py", "makemigrations", "--check", "--dry-run"])


def avis(arguments: Sequence[str]) -> None:
    """Known flaws of what the locks name; with a path, from a new copy of the advisories."""
    _outiller()
    _reussir(["-m", "rebond.amorce.avis", *arguments])


def lint(_: Sequence[str]) -> None:
    """All that is checked without running the product."""
    for controle in (style, gabarits, scripts, types, contrats, migrations, avis):
        controle(())


def _servir(verrou: str, *arguments: str) -> None:
    port = ports.port_demande(os.environ)
    ports.verifier_libre(port)
    systeme.verifier(systeme.COMMUNS)
    environnement.installer(verrou)
    systeme.eprouver([systeme.IMPRESSION], PYTHON)
    _devenir(["-m", "rebond.amorce.superviseur", *arguments], {"PORT": str(port)})


def _partage() -> list[str]:
    """How the whole suite is shared out: among the cores, up to four."""
    coeurs = min(len(os.sched_getaffinity(0)), 4)
    return ["-n", str(coeurs), "--dist", "worksteal"] if coeurs > 1 else []


def _compiles() -> dict[str, str]:
    """What a process of the suite compiles, the hundreds that follow read: where the environment forbids writing it
    beside the sources, it goes with the tools."""
    if not os.environ.get("PYTHONDONTWRITEBYTECODE"):
        return {}
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(environnement.VENV / "compiles")}


def _outiller(besoins: Sequence[systeme.Besoin] = systeme.ESSAIS) -> None:
    systeme.verifier(besoins)
    environnement.installer("dev")


def _outiller_les_essais(arguments: Sequence[str]) -> None:
    """The trials need one browser more, which nothing else asks for."""
    epreuves = any("tests/epreuves" in argument for argument in arguments)
    _outiller([*systeme.ESSAIS, *systeme.EPREUVES] if epreuves else systeme.ESSAIS)
    second = [systeme.SECOND_NAVIGATEUR] if epreuves else []
    systeme.eprouver([systeme.IMPRESSION, systeme.NAVIGATEUR, *second], PYTHON)


def _reussir(arguments: Sequence[str], reglages: Mapping[str, str] | None = None) -> None:
    """Run the environment's Python; leave with its exit code unless it succeeds."""
    _lancer([PYTHON, *arguments], reglages)


def _lancer(commande: Sequence[str | Path], reglages: Mapping[str, str] | None = None) -> None:
    """Leave with its exit code unless it succeeds."""
    code = subprocess.run(commande, env=os.environ | (reglages or {}), check=False).returncode
    if code != 0:
        sys.exit(code)


def _devenir(arguments: Sequence[str], reglages: Mapping[str, str] | None = None) -> None:
    """Leave this process to the environment's Python: signals reach it, and its exit code is ours."""
    sys.stdout.flush()
    os.execve(PYTHON, [PYTHON, *arguments], os.environ | (reglages or {}))


COMMANDES = {
    f.__name__: f
    for f in (
        *(demo, dev, shell, test, couverture, mutation, bench, stampede, captures),
        *(lint, style, gabarits, scripts, types, contrats, migrations, avis),
    )
}
