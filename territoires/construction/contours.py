"""Dissolving and simplifying outlines so that neighbours keep exactly the same border.

All outlines come from one coverage whose cells are (EPCI, EPT, département, EPCI that is gone): simplified once, as a
coverage, then put together again. So EPCI, départements and régions share their borders to the last vertex.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer
from shapely import MultiPolygon, Polygon

from territoires.construction.millesimes import suivre
from territoires.construction.sources import Commune, Decoupage

# One legal projection per territory (arrêté du 5 mars 2019): metres, areas and shapes as on official maps.
CADRES = {"metro": 2154, "971": 5490, "972": 5490, "973": 2972, "974": 2975, "976": 4471}
# Coordinates are whole hectometres, y downwards as in SVG.
PAS = 100
# Square root of the largest triangle (in m) that simplification takes off.
TOLERANCE = {"metro": 400, "971": 200, "972": 200, "973": 1000, "974": 200, "976": 150}
# Islets under this area (in m²) are dropped where the zone has a larger part.
ILOT = 1_500_000
# Slivers between communes narrower than this (in m) are faults of digitising.
JOUR = 20
Cellule = tuple[str, str, str, str]


@dataclass
class Contours:
    """Zones by kind (`regions`, `departements`, `epcis`) then code, and the point of each commune by INSEE code."""

    zones: dict[str, dict[str, Any]] = field(default_factory=lambda: {"regions": {}, "departements": {}, "epcis": {}})
    points: dict[str, tuple[int, int]] = field(default_factory=dict)


def cadre_de(commune: Commune) -> str:
    return commune.departement if commune.departement in CADRES else "metro"


def contours(decoupage: Decoupage, formes: dict[str, bytes]) -> Contours:
    """Outlines of everything, from the outlines of communes."""
    resultat = Contours()
    for cadre, epsg in CADRES.items():
        du_cadre = [(commune, wkb) for commune, wkb in _rattacher(decoupage, formes) if cadre_de(commune) == cadre]
        communes = [commune for commune, _ in du_cadre]
        projection = Transformer.from_crs(4326, epsg, always_xy=True)
        geometries = shapely.transform(
            shapely.from_wkb([wkb for _, wkb in du_cadre]),
            lambda xy, p=projection: np.column_stack(p.transform(xy[:, 0], xy[:, 1])),
        )
        geometries = shapely.coverage_clean(geometries, gap_width=JOUR)
        for commune, point in zip(communes, shapely.point_on_surface(geometries), strict=True):
            resultat.points.setdefault(commune.code, (round(point.x / PAS), -round(point.y / PAS)))
        cellules = _cellules(communes, geometries, decoupage)
        simples = shapely.coverage_simplify(np.array(list(cellules.values())), TOLERANCE[cadre])
        _assembler(resultat, cadre, dict(zip(cellules, simples, strict=True)), decoupage)
    return resultat


def _rattacher(decoupage: Decoupage, formes: dict[str, bytes]) -> Iterable[tuple[Commune, bytes]]:
    """Each outline with its commune of the vintage."""
    for code, wkb in formes.items():
        la = code if code in decoupage.communes else suivre(code, decoupage.deleguees)
        if commune := decoupage.communes.get(la):
            yield commune, wkb


def _cellules(communes: list[Commune], geometries: Any, decoupage: Decoupage) -> dict[Cellule, Any]:
    """Coverage cells; the few communes without an outline leave holes, which go to the neighbour all around."""
    par_cellule = defaultdict(list)
    for commune, geometrie in zip(communes, geometries, strict=True):
        disparu = decoupage.disparus.get(commune.code, "")
        par_cellule[commune.epci, commune.ept, commune.departement, disparu].append(geometrie)
    cellules = {cle: shapely.coverage_union_all(parts) for cle, parts in par_cellule.items()}
    for trou in _trous(shapely.coverage_union_all(list(cellules.values()))):
        voisin = max(
            cellules, key=lambda cle: cellules[cle].intersection(trou).length if cellules[cle].intersects(trou) else 0
        )
        cellules[voisin] = cellules[voisin].union(trou)
    return cellules


def _polygones(geometrie: Any) -> list[Polygon]:
    return list(geometrie.geoms) if isinstance(geometrie, MultiPolygon) else [geometrie]


def _trous(geometrie: Any) -> list[Polygon]:
    return [Polygon(anneau) for polygone in _polygones(geometrie) for anneau in polygone.interiors]


def _assembler(resultat: Contours, cadre: str, cellules: dict[Cellule, Any], decoupage: Decoupage) -> None:
    groupes: dict[tuple[str, str], list[Any]] = defaultdict(list)
    for (epci, ept, departement, disparu), geometrie in cellules.items():
        groupes["departements", departement].append(geometrie)
        groupes["regions", decoupage.departements[departement][1]].append(geometrie)
        for siren in filter(None, (epci, ept, disparu)):
            groupes["epcis", siren].append(geometrie)
    for (genre, code), parts in groupes.items():
        forme = shapely.coverage_union_all(parts)
        centre = forme.point_on_surface()
        resultat.zones[genre][code] = {
            "cadre": cadre,
            "centre": [round(centre.x / PAS), -round(centre.y / PAS)],
            "anneaux": list(_anneaux(forme)),
        }


def _anneaux(forme: Any) -> Iterable[list[int]]:
    """Rings as [x, y, dx, dy, dx, dy…] in hectometres, unclosed; all outer ones turn one way, holes the other."""
    polygones = sorted(_polygones(shapely.orient_polygons(forme)), key=lambda polygone: -polygone.area)
    for rang, polygone in enumerate(polygones):
        if rang and polygone.area < ILOT:
            continue
        for anneau in (polygone.exterior, *polygone.interiors):
            points = np.rint(np.asarray(anneau.coords)[:-1] / PAS * (1, -1)).astype(int)
            ecarts = np.diff(points, axis=0)
            ecarts = ecarts[np.any(ecarts != 0, axis=1)]
            if len(ecarts) >= 2:
                yield [*points[0].tolist(), *ecarts.ravel().tolist()]
