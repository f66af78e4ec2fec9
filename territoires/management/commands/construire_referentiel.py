"""Rebuilds `territoires/donnees/` from the official sources; the portal itself never needs it."""

import json
import lzma
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from territoires.construction.sources import MILLESIME, Decoupage, SourceIllisible, lire_contours, lire_decoupage
from territoires.referentiel import DONNEES


class Command(BaseCommand):
    help = "Reconstruit le référentiel des territoires et leurs contours à partir des sources officielles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", type=Path, required=True, help="dossier des deux archives (voir CREDITS.md)")
        parser.add_argument("--sortie", type=Path, default=DONNEES, help="dossier où écrire les fichiers dérivés")

    def handle(self, *_args: Any, source: Path, sortie: Path, **_options: Any) -> None:
        try:
            # shapely and pyproj belong to the build only: the running portal does without them.
            from territoires.construction.contours import contours  # late: heavy
        except ImportError as erreur:
            raise CommandError(
                f"Cette commande demande le groupe de dépendances « referentiel » ({erreur})."
            ) from erreur
        try:
            decoupage = lire_decoupage(source)
            dessins = contours(decoupage, lire_contours(source))
        except SourceIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        sortie.mkdir(parents=True, exist_ok=True)
        self._ecrire(sortie / f"referentiel-{MILLESIME}.json.xz", _tables(decoupage))
        self._ecrire(sortie / f"communes-{MILLESIME}.json.xz", _communes(decoupage, dessins.points))
        self._ecrire(sortie / f"communes-noms-{MILLESIME}.json.xz", _noms(decoupage))
        self._ecrire(sortie / f"contours-{MILLESIME}.json.xz", dessins.zones)

    def _ecrire(self, chemin: Path, contenu: Any) -> None:
        texte = json.dumps(contenu, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        chemin.write_bytes(lzma.compress(texte.encode(), preset=9 | lzma.PRESET_EXTREME))
        self.stdout.write(f"{chemin.name} : {chemin.stat().st_size // 1024} ko")


def _tables(decoupage: Decoupage) -> dict[str, Any]:
    return {
        "millesime": MILLESIME,
        "regions": sorted(decoupage.regions.items()),
        "departements": sorted((code, nom, region) for code, (nom, region) in decoupage.departements.items()),
        "epcis": [
            [e.siren, e.nom, e.nature, e.population, e.region, e.regions, e.departements] for e in decoupage.epcis
        ],
    }


def _noms(decoupage: Decoupage) -> dict[str, list[Any]]:
    """What communes are searched by, in the order of `_communes`: maps do without it."""
    communes = list(decoupage.communes.values())
    return {
        "noms": [c.nom for c in communes],
        "codes_postaux": [" ".join(c.codes_postaux) for c in communes],
        "populations": [c.population for c in communes],
        "departements": [c.departement for c in communes],
        "epts": [c.ept for c in communes],
        "anciennes": [[a.code, a.nom, a.chef_lieu] for a in decoupage.anciennes],
    }


def _communes(decoupage: Decoupage, points: dict[str, tuple[int, int]]) -> dict[str, list[Any]]:
    """Columns rather than rows: half the size once compressed. A commune without an outline has no point."""
    communes = list(decoupage.communes.values())
    return {
        "codes": [c.code for c in communes],
        "sirens": [c.siren for c in communes],
        "epcis": [c.epci for c in communes],
        "x": [points[c.code][0] if c.code in points else None for c in communes],
        "y": [points[c.code][1] if c.code in points else None for c in communes],
    }
