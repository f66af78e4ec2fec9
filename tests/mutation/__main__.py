"""`make mutation`: write small faults into the rules, one at a time, and see that a test fails for each.

`make mutation ARGS="candidatures/depot/regles.py"` does it for some modules alone; `--meme-carte` keeps what a former
run learnt of what each test reaches, `--bilan` writes docs/mutation.md from what was found.
"""

import argparse
import json
import os
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from rebond.embarque import dossier_des_donnees, serveurs
from tests.mutation import essais
from tests.mutation.mutants import Mutant, mutants

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
EXIGENCE = 90
# No mutant is given more tests than these seconds hold; a test that never ends is stopped a little later.
SECONDES = 25.0
TROP_LONG = 60.0

Carte = dict[str, dict[str, list[str]]]


def main(arguments: Sequence[str]) -> int:
    lu = _lire(arguments)
    chemins = lu.chemins or sorted({str(p) for motif in CIBLES for p in Path().glob(motif)})
    faits = [mutant for chemin in chemins for mutant in mutants(chemin)]
    debut = time.monotonic()
    environ = os.environ | {"REBOND_DONNEES": str(dossier_des_donnees(os.environ) / "mutation")}
    dossier = Path(environ["REBOND_DONNEES"])
    with serveurs(environ, jetables=True):
        os.environ |= {nom: environ[nom] for nom in ("DATABASE_URL", "REDIS_URL")}
        carte = _carte(dossier / "carte.json", garder=lu.meme_carte)
        tueurs = dict(_eprouver(faits, carte))
    return _rendre(faits, tueurs, time.monotonic() - debut)


def _lire(arguments: Sequence[str]) -> argparse.Namespace:
    analyseur = argparse.ArgumentParser(prog="make mutation", description="Éprouve les essais des règles.")
    analyseur.add_argument("chemins", nargs="*", help="les modules, au lieu de tous ceux des règles")
    analyseur.add_argument("--meme-carte", action="store_true", help="garde la carte des essais d’une fois précédente")
    return analyseur.parse_args(arguments)


def _carte(fichier: Path, *, garder: bool) -> Carte:
    """Of each module, the tests that run each of its lines; of the whole, the seconds of each test."""
    if not (garder and fichier.exists()):
        fichier.parent.mkdir(parents=True, exist_ok=True)
        pid = os.fork()
        if pid == 0:
            _dresser(fichier)
            os._exit(0)
        if os.waitpid(pid, 0)[1] != 0 or not fichier.exists():
            sys.exit("La carte des essais n’a pas pu être dressée.")
    carte: Carte = json.loads(fichier.read_text())
    return carte


def _dresser(fichier: Path) -> None:
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
    code = essais.lancer(essais.DOSSIERS, boucle)
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


def _eprouver(faits: list[Mutant], carte: Carte) -> Iterator[tuple[int, str]]:
    """The rank of each mutant and what killed it. Those of functions share one warm session, the others load anew."""
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
                for rang, mutant in chauds.items():
                    reponse = essais.dans_un_fils(lambda m=mutant: _a_chaud(m, carte, session, items), TROP_LONG)
                    sortie.write(json.dumps([rang, reponse]) + "\n")
                    sortie.flush()

            essais.lancer(essais.DOSSIERS, boucle)
        os._exit(0)
    os.close(ecriture)
    with os.fdopen(lecture) as entree:
        for ligne in entree:
            rang, reponse = json.loads(ligne)
            yield rang, avance.dire(chauds[rang], reponse)
    os.waitpid(pid, 0)
    essais.precharger()
    for rang, mutant in enumerate(faits):
        if rang not in chauds:
            yield rang, avance.dire(mutant, essais.dans_un_fils(lambda m=mutant: _a_froid(m, carte), TROP_LONG))


def _a_chaud(mutant: Mutant, carte: Carte, session: pytest.Session, items: dict[str, pytest.Item]) -> str:
    assert mutant.fonction is not None
    if not essais.greffer(_code(mutant), mutant.fonction):
        return "introuvable"
    choisis = [items[nom] for nom in _choisir(mutant, carte) if nom in items]
    return essais.echoue(session, choisis, SECONDES)


def _a_froid(mutant: Mutant, carte: Carte) -> str:
    sys.meta_path.insert(0, essais.Chargeur(_code(mutant)))
    trouve = "chargement"

    def boucle(session: pytest.Session) -> None:
        nonlocal trouve
        rangs = {nom: rang for rang, nom in enumerate(choisis)}
        trouve = essais.echoue(session, sorted(session.items, key=lambda i: rangs.get(i.nodeid, 0)), SECONDES)

    choisis = _choisir(mutant, carte)
    essais.lancer(choisis, boucle)
    return trouve


def _code(mutant: Mutant) -> Any:
    return compile(mutant.code, str(Path.cwd() / mutant.chemin), "exec", dont_inherit=True)


def _choisir(mutant: Mutant, carte: Carte) -> list[str]:
    """The tests to run, the likeliest first: those of the same room, then the quickest.

    No test runs a line that only loading runs: those that run anything else of the module, and those of its room.
    """
    durees: Any = carte[""]
    lignes = carte.get(mutant.chemin, {})
    if mutant.fonction is None:
        piece = f"tests/{Path(mutant.chemin).parent}/"
        atteints = {nom for noms in lignes.values() for nom in noms} | {n for n in durees if n.startswith(piece)}
    else:
        atteints = set(lignes.get(str(mutant.ligne), []))
    voisins = "/".join(Path(mutant.chemin).parts[:2])
    rangs = sorted(atteints, key=lambda nom: (voisins not in nom, durees[nom]))
    return rangs[:150]


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


def _rendre(faits: list[Mutant], tueurs: dict[int, str], secondes: float) -> int:
    par_module: dict[str, Counter[str]] = defaultdict(Counter)
    for rang, mutant in enumerate(faits):
        par_module[mutant.chemin]["tués" if tueurs.get(rang) else "vivants"] += 1
    print(f"\n{'module':50} mutants  tués")
    for chemin, compte in par_module.items():
        print(f"{chemin:50} {compte.total():7} {compte['tués']:5}")
    total = len(faits)
    tues = sum(compte["tués"] for compte in par_module.values())
    print("\nSurvivants :")
    for rang, mutant in enumerate(faits):
        if not tueurs.get(rang):
            print(f"  {mutant.nom}")
    part = 100 * tues / total if total else 100.0
    print(f"\n{tues} mutants tués sur {total} ({part:.1f} %), en {secondes / 60:.0f} min ; {EXIGENCE} % sont exigés.")
    return 0 if part >= EXIGENCE else 1


sys.exit(main(sys.argv[1:]))
