"""Rebuilds `territoires/donnees/` from the official sources; the portal itself never needs it."""

import json
import lzma
from argparse import ArgumentParser
from itertools import pairwise
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from territoires.construction.millesimes import communes_des_disparus, mouvements, passages
from territoires.construction.sources import (
    MILLESIME,
    VERSIONS,
    Decoupage,
    Intercommunalite,
    SourceIllisible,
    lire_contours,
    lire_decoupage,
)
from territoires.referentiel import DONNEES


class Command(BaseCommand):
    help = "Reconstruit le référentiel des territoires et leurs contours à partir des sources officielles."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--source", type=Path, required=True, help="dossier des archives (voir CREDITS.md)")
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
            decoupages = {annee: lire_decoupage(source, annee) for annee in VERSIONS}
            decoupage = decoupages[MILLESIME]
            for annee in sorted(decoupages, reverse=True):
                # Outlines are older than the last mergers of communes, which a vintage forgets after a while.
                for code, chef_lieu in decoupages[annee].deleguees.items():
                    decoupage.deleguees.setdefault(code, chef_lieu)
            decoupage.disparus.update(communes_des_disparus(decoupages))
            dessins = contours(decoupage, lire_contours(source))
        except SourceIllisible as erreur:
            raise CommandError(str(erreur)) from erreur
        sortie.mkdir(parents=True, exist_ok=True)
        self._ecrire(sortie / f"referentiel-{MILLESIME}.json.xz", _tables(decoupage))
        self._ecrire(sortie / f"communes-{MILLESIME}.json.xz", _communes(decoupage, dessins.points))
        self._ecrire(sortie / f"communes-noms-{MILLESIME}.json.xz", _noms(decoupage))
        self._ecrire(sortie / f"contours-{MILLESIME}.json.xz", dessins.zones)
        self._ecrire(sortie / f"millesimes-{min(VERSIONS)}-{MILLESIME}.json.xz", _millesimes(decoupages))

    def _ecrire(self, chemin: Path, contenu: Any) -> None:
        texte = json.dumps(contenu, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
        chemin.write_bytes(lzma.compress(texte.encode(), preset=9 | lzma.PRESET_EXTREME))
        self.stdout.write(f"{chemin.name} : {chemin.stat().st_size // 1024} ko")


def _tables(decoupage: Decoupage) -> dict[str, Any]:
    return {
        "millesime": MILLESIME,
        "regions": sorted(decoupage.regions.items()),
        "departements": sorted((code, nom, region) for code, (nom, region) in decoupage.departements.items()),
        "epcis": [_ligne(epci) for epci in decoupage.epcis],
    }


def _millesimes(decoupages: dict[int, Decoupage]) -> dict[str, Any]:
    """The names, natures and inhabitants of each year before the last, and what became of whom."""
    annees = sorted(decoupages)
    paires = [(decoupages[avant], decoupages[apres], apres) for avant, apres in pairwise(annees)]
    sirens = {annee: {epci.siren for epci in decoupages[annee].epcis} for annee in annees}
    return {
        "annees": annees,
        "epcis": {
            str(annee): [[e.siren, e.nom, e.nature, e.population] for e in decoupages[annee].epcis]
            for annee in annees[:-1]
        },
        # Whole, as in the reference, with the first year that no longer knows them.
        "disparus": [
            [*_ligne(epci), apres]
            for avant, apres in pairwise(annees)
            for epci in decoupages[avant].epcis
            if epci.siren not in sirens[apres]
        ],
        "passages": [[p.annee, p.ancien, p.nouveau, p.part] for paire in paires for p in passages(*paire)],
        "mouvements": [[m.annee, m.code, m.ancien, m.nouveau] for paire in paires for m in mouvements(*paire)],
    }


def _ligne(epci: Intercommunalite) -> list[Any]:
    return [epci.siren, epci.nom, epci.nature, epci.population, epci.region, epci.regions, epci.departements]


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
