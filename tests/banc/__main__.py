"""`make bench` (ARGS="listes exports" for some chapters): see docs/mesures/README.md.

Exit status 0 when everything was measured, whatever was found: 1 when a chapter broke and, with `--exiger`, when a
goal is missed.
"""

import argparse
import importlib
import sys
import time
import traceback
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from tests.banc import rapport
from tests.banc.chapitres import A_LA_DEMANDE, CHAPITRES
from tests.banc.mesures import imprimer
from tests.banc.rapport import Compte
from tests.banc.terrain import Terrain, terrain

MESURES = Path(__file__).resolve().parent.parent.parent / "docs" / "mesures"
ESSAI = 0.005
TOUS = CHAPITRES | A_LA_DEMANDE


def main(arguments: Sequence[str]) -> int:
    choix = _lire(arguments)
    compte = Compte(choix.sortie, part=choix.part, prevus=choix.chapitres or list(CHAPITRES))
    with terrain(part=choix.part, statique=choix.statique) as lieu:
        compte.etalon = rapport.etalonner(lieu)
        for nom in compte.prevus:
            _chapitre(nom, lieu, compte)
    imprimer(compte.lignes)
    print(f"\n{compte.conclusion()}")
    if choix.sortie:
        print(f"Mesures écrites dans {choix.sortie}.")
    return 1 if compte.interrompus or (choix.exiger and not compte.tenu) else 0


def _lire(arguments: Sequence[str]) -> argparse.Namespace:
    lecteur = argparse.ArgumentParser(
        prog="make bench", description="Ce que coûte chaque page, à côté de ses planchers."
    )
    lecteur.add_argument("chapitres", nargs="*", help=f"parmi : {', '.join(TOUS)} (tous, sauf echelle)")
    lecteur.add_argument("--part", type=float, default=1.0, help="part des tailles et des durées (1)")
    lecteur.add_argument("--rapide", action="store_true", help=f"un essai du banc lui-même : --part {ESSAI}")
    lecteur.add_argument("--exiger", action="store_true", help="échouer si un objectif est manqué")
    lecteur.add_argument("--sortie", type=Path, help="où écrire les mesures (docs/mesures/AAAA-MM-JJ.json)")
    lecteur.add_argument(
        "--sans-statique", dest="statique", action="store_false", help="ne pas comprimer les fichiers"
    )
    choix = lecteur.parse_args(arguments)
    if inconnus := set(choix.chapitres) - set(TOUS):
        lecteur.error(f"chapitres inconnus : {', '.join(sorted(inconnus))} ; il y a {', '.join(TOUS)}.")
    if choix.rapide:
        choix.part, choix.statique = ESSAI, False
    if choix.sortie is None and not choix.chapitres and choix.part >= 1:
        choix.sortie = MESURES / f"{datetime.now(UTC):%Y-%m-%d}.json"
    return choix


def _chapitre(nom: str, lieu: Terrain, compte: Compte) -> None:
    """Measured line by line, each of them kept at once: what breaks one chapter does not cost the others."""
    print(f"\n{nom} : {TOUS[nom]}", flush=True)
    debut = time.monotonic()
    try:
        for ligne in importlib.import_module(f"tests.banc.chapitres.{nom}").mesurer(lieu):
            compte.ajouter(ligne)
            print(f"  {ligne.verdict}  {ligne.libelle}{' – ' if ligne.ecart else ''}{ligne.ecart}", flush=True)
    except Exception:  # noqa: BLE001 (said, kept with the measures, and the exit status says it too)
        traceback.print_exc()
    else:
        compte.finir(nom, time.monotonic() - debut)
    print(f"  ({time.monotonic() - debut:.0f} s)", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
