"""`make bench` (ARGS="listes exports" for some chapters): see docs/mesures/README.md.

Exit status 0 when everything was measured, whatever was found; with `--exiger`, 1 when a goal is missed.
"""

import argparse
import importlib
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.banc import rapport
from tests.banc.chapitres import CHAPITRES
from tests.banc.mesures import Ligne, imprimer
from tests.banc.terrain import Terrain, terrain

MESURES = Path(__file__).resolve().parent.parent.parent / "docs" / "mesures"
ESSAI = 0.02


def main(arguments: Sequence[str]) -> int:
    choix = _lire(arguments)
    noms = choix.chapitres or list(CHAPITRES)
    debut = time.monotonic()
    with terrain(part=choix.part, statique=choix.statique) as lieu:
        etalon = rapport.etalonner(lieu)
        lignes = [ligne for nom in noms for ligne in _chapitre(nom, lieu)]
    duree = time.monotonic() - debut
    imprimer(lignes)
    manquees = [ligne for ligne in lignes if not ligne.tenue]
    print(f"\n{len(lignes)} lignes en {duree:.0f} s : {len(lignes) - len(manquees)} PASS, {len(manquees)} FAIL.")
    if choix.sortie:
        rapport.ecrire(choix.sortie, lignes, etalon=etalon, duree=duree, part=choix.part)
        print(f"Mesures écrites dans {choix.sortie}.")
    return 1 if manquees and choix.exiger else 0


def _lire(arguments: Sequence[str]) -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(
        prog="make bench", description="Ce que coûte chaque page, à côté de ses planchers."
    )
    lecteur.add_argument("chapitres", nargs="*", help=f"parmi : {', '.join(CHAPITRES)} (tous)")
    lecteur.add_argument("--part", type=float, default=1.0, help="part des tailles et des durées (1)")
    lecteur.add_argument("--rapide", action="store_true", help=f"un essai du banc lui-même : --part {ESSAI}")
    lecteur.add_argument("--exiger", action="store_true", help="échouer si un objectif est manqué")
    lecteur.add_argument("--sortie", type=Path, help="où écrire les mesures (docs/mesures/AAAA-MM-JJ.json)")
    lecteur.add_argument(
        "--sans-statique", dest="statique", action="store_false", help="ne pas comprimer les fichiers"
    )
    choix = lecteur.parse_args(arguments)
    if inconnus := set(choix.chapitres) - set(CHAPITRES):
        lecteur.error(f"chapitres inconnus : {', '.join(sorted(inconnus))} ; il y a {', '.join(CHAPITRES)}.")
    if choix.rapide:
        choix.part, choix.statique = ESSAI, False
    if choix.sortie is None and not choix.chapitres and choix.part >= 1:
        choix.sortie = MESURES / f"{datetime.now(UTC):%Y-%m-%d}.json"
    return choix


def _chapitre(nom: str, lieu: Terrain) -> list[Ligne]:
    print(f"\n{nom} : {CHAPITRES[nom]}", flush=True)
    debut, lignes = time.monotonic(), []
    for ligne in importlib.import_module(f"tests.banc.chapitres.{nom}").mesurer(lieu):
        lignes.append(ligne)
        print(f"  {ligne.verdict}  {ligne.libelle}{' – ' if ligne.ecart else ''}{ligne.ecart}", flush=True)
    print(f"  ({time.monotonic() - debut:.0f} s)", flush=True)
    return lignes


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
