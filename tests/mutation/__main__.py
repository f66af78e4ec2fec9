"""`make mutation`: write small faults into the rules, one at a time, and see that a test of their room fails for each.

`make mutation ARGS="candidatures/depot/regles.py"` does it for some modules alone; with `--essais` and their paths
after them, against these tests alone.
"""

import argparse
import json
import os
import sys
import time
import types
from collections import defaultdict
from collections.abc import Iterator, Sequence
from functools import partial
from itertools import groupby
from pathlib import Path
from typing import Any

import pytest

from rebond.embarque import dossier_des_donnees, serveurs
from tests.mutation import essais
from tests.mutation.mutants import Mutant, mutants
from tests.outils import roles

# What is decided without a page or a form: where a fault would be silent.
CIBLES = (
    "candidatures/*/etats.py",
    "candidatures/**/regles.py",
    "candidatures/dossier/completude.py",
    "candidatures/labellisation/*.py",
    "projets/*/etats.py",
    "projets/*/regles.py",
    "projets/chiffres/*.py",
    "projets/communique/arrondis.py",
)
# A room is held by its own tests, wherever else it is reached from.
ESSAIS_D_AILLEURS = {"projets/publication": ["tests/projets/communique"]}
EXIGENCE = 90
# No mutant is given more tests than these seconds hold; a test that never ends is stopped a little later.
SECONDES = 10.0
TROP_LONG = 30.0

Carte = dict[str, dict[str, list[str]]]


def main(arguments: Sequence[str]) -> int:
    analyseur = argparse.ArgumentParser(prog="make mutation", description="Éprouve les essais des règles.")
    analyseur.add_argument("chemins", nargs="*", help="les modules, au lieu de tous ceux des règles")
    analyseur.add_argument("--essais", nargs="+", help="les essais, au lieu de tous ceux de la pièce")
    lu = analyseur.parse_args(arguments)
    chemins = lu.chemins or sorted({str(p) for motif in CIBLES for p in Path().glob(motif)})
    debut = time.monotonic()
    environ = os.environ | {"REBOND_DONNEES": str(dossier_des_donnees(os.environ) / "mutation")}
    verdicts: list[tuple[Mutant, str]] = []
    with serveurs(environ, jetables=True):
        os.environ |= {nom: environ[nom] for nom in roles.ADRESSES}
        essais.precharger()
        for piece, siens in groupby(chemins, key=lambda chemin: "/".join(Path(chemin).parts[:2])):
            faits = [mutant for chemin in siens for mutant in mutants(chemin)]
            dossiers = lu.essais or ESSAIS_D_AILLEURS.get(piece, [f"tests/{piece}"])
            carte = _carte(Path(environ["REBOND_DONNEES"]) / "carte.json", dossiers)
            verdicts += _eprouver(faits, carte, dossiers)
    return _rendre(verdicts, time.monotonic() - debut)


def _carte(fichier: Path, dossiers: Sequence[str]) -> Carte:
    """Of each module, the tests that run each of its lines; of the whole, the seconds of each test."""
    fichier.unlink(missing_ok=True)
    pid = os.fork()
    if pid == 0:
        _dresser(fichier, dossiers)
        os._exit(0)
    os.waitpid(pid, 0)
    if not fichier.exists():
        sys.exit("La carte des essais n’a pas pu être dressée.")
    carte: Carte = json.loads(fichier.read_text())
    return carte


def _dresser(fichier: Path, dossiers: Sequence[str]) -> None:
    import coverage

    mesure = coverage.Coverage(data_file=None, source=["candidatures", "projets", "rebond"], config_file=False)
    secondes: dict[str, float] = {}

    def boucle(session: pytest.Session) -> None:
        for item in session.items:
            mesure.switch_context(item.nodeid)
            debut = time.monotonic()
            essais.passer(session, [item])
            secondes[item.nodeid] = time.monotonic() - debut
        mesure.switch_context("")

    mesure.start()
    code = essais.lancer(dossiers, boucle)
    mesure.stop()
    if code != 0:
        sys.exit("Un essai échoue sans qu’aucune faute soit écrite.")
    donnees = mesure.get_data()
    carte: dict[str, Any] = {"": secondes}
    for chemin in donnees.measured_files():
        lignes = donnees.contexts_by_lineno(chemin)
        carte[str(Path(chemin).relative_to(Path.cwd()))] = {
            str(ligne): [c for c in contextes if c] for ligne, contextes in lignes.items()
        }
    fichier.write_text(json.dumps(carte))


def _eprouver(faits: list[Mutant], carte: Carte, dossiers: Sequence[str]) -> Iterator[tuple[Mutant, str]]:
    """Each mutant and what killed it. Those of functions share one warm session, the others load anew."""
    chauds = {rang: mutant for rang, mutant in enumerate(faits) if mutant.fonction is not None}
    avance = Avance(len(faits))
    lecture, ecriture = os.pipe()
    pid = os.fork()
    if pid == 0:
        os.close(lecture)
        with os.fdopen(ecriture, "w") as sortie:

            def boucle(session: pytest.Session) -> None:
                essais.echauffer(session)
                items = {item.nodeid: item for item in session.items}
                parmi = essais.vivantes({str(Path.cwd() / mutant.chemin) for mutant in faits})
                for rang, mutant in chauds.items():
                    choisis = [items[nom] for nom in _choisir(mutant, carte) if nom in items]
                    essai = partial(_a_chaud, _code(mutant), mutant.fonction or 0, parmi, session, choisis)
                    reponse = essais.dans_un_fils(essai, TROP_LONG)
                    sortie.write(json.dumps([rang, reponse]) + "\n")
                    sortie.flush()

            essais.lancer(dossiers, boucle)
        os._exit(0)
    os.close(ecriture)
    with os.fdopen(lecture) as entree:
        for ligne in entree:
            rang, reponse = json.loads(ligne)
            yield chauds[rang], avance.dire(chauds[rang], reponse)
    os.waitpid(pid, 0)
    for rang, mutant in enumerate(faits):
        if rang not in chauds:
            essai = partial(_a_froid, _code(mutant), _choisir(mutant, carte))
            yield mutant, avance.dire(mutant, essais.dans_un_fils(essai, TROP_LONG))


def _a_chaud(
    code: types.CodeType,
    fonction: int,
    parmi: Sequence[types.FunctionType],
    session: pytest.Session,
    choisis: Sequence[pytest.Item],
) -> str:
    # A function that nothing has loaded is held by nothing.
    return essais.echoue(session, choisis, SECONDES) if essais.greffer(code, fonction, parmi) else ""


def _a_froid(code: types.CodeType, choisis: Sequence[str]) -> str:
    sys.meta_path.insert(0, essais.Chargeur(code))
    trouve = "chargement"

    def boucle(session: pytest.Session) -> None:
        nonlocal trouve
        rangs = {nom: rang for rang, nom in enumerate(choisis)}
        trouve = essais.echoue(session, sorted(session.items, key=lambda i: rangs.get(i.nodeid, 0)), SECONDES)

    essais.lancer(choisis, boucle)
    return trouve


def _code(mutant: Mutant) -> types.CodeType:
    return compile(mutant.code, str(Path.cwd() / mutant.chemin), "exec", dont_inherit=True)


def _choisir(mutant: Mutant, carte: Carte) -> list[str]:
    """The tests to run, the quickest first.

    No test runs a line that only loading runs: all are to be tried, first those that run anything else of the module.
    """
    durees: Any = carte[""]
    lignes = carte.get(mutant.chemin, {})
    if mutant.fonction is not None:
        return sorted(lignes.get(str(mutant.ligne), []), key=durees.__getitem__)
    proches = {nom for noms in lignes.values() for nom in noms}
    return sorted(durees, key=lambda nom: (nom not in proches, durees[nom]))


class Avance:
    """One line a mutant, so that a long run says where it is."""

    def __init__(self, total: int) -> None:
        self.total, self.faits, self.debut = total, 0, time.monotonic()

    def dire(self, mutant: Mutant, reponse: str) -> str:
        self.faits += 1
        marque = "tué" if reponse else "VIVANT"
        passees = int(time.monotonic() - self.debut)
        print(f"{self.faits}/{self.total} {passees} s {marque} {mutant.nom} {reponse[-60:]}", flush=True)
        return reponse


def _rendre(verdicts: list[tuple[Mutant, str]], secondes: float) -> int:
    par_module: dict[str, list[bool]] = defaultdict(list)
    for mutant, tueur in verdicts:
        par_module[mutant.chemin].append(bool(tueur))
    print(f"\n{'module':50} mutants  tués")
    for chemin, tues in par_module.items():
        print(f"{chemin:50} {len(tues):7} {sum(tues):5}")
    print("\nSurvivants :", *(mutant.nom for mutant, tueur in verdicts if not tueur), sep="\n  ")
    total, morts = len(verdicts), sum(bool(tueur) for _, tueur in verdicts)
    part = 100 * morts / total if total else 100.0
    print(f"\n{morts} mutants tués sur {total} ({part:.1f} %), en {secondes / 60:.0f} min ; {EXIGENCE} % sont exigés.")
    return 0 if part >= EXIGENCE else 1


sys.exit(main(sys.argv[1:]))
