"""Reading of the derived files of `territoires/donnees/` (credits and licence: CREDITS.md there)."""

import json
import lzma
from array import array
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Literal

DONNEES = Path(__file__).resolve().parent / "donnees"
MILLESIME = 2026
PREMIER_MILLESIME = 2023

Genre = Literal["regions", "departements", "epcis"]
Point = tuple[int, int]
Anneau = tuple[Point, ...]
# North-west and south-east.
Boite = tuple[Point, Point]


@dataclass(frozen=True, slots=True)
class Commune:
    """A commune of the vintage: its EPCI (none for four islands), and a point inside unless its outline is unknown."""

    code: str
    siren: str
    siren_epci: str
    cadre: str
    point: Point | None


@dataclass(frozen=True, slots=True)
class Zone:
    """An outline in hectometres, y downwards, in the projection of its `cadre` (« metro », « 971 »…)."""

    cadre: str
    centre: Point
    anneaux: tuple[Anneau, ...]

    @property
    def boite(self) -> Boite:
        """North-west and south-east corners."""
        xs = [x for anneau in self.anneaux for x, _ in anneau]
        ys = [y for anneau in self.anneaux for _, y in anneau]
        return (min(xs), min(ys)), (max(xs), max(ys))


def tables() -> dict[str, Any]:
    """Régions, départements and EPCI of the vintage, as `charger_referentiel` loads them."""
    return _lire("referentiel")


@dataclass(frozen=True, slots=True)
class Disparue:
    """An EPCI that vintages no longer know from `annee` on, as the last one that knew it has it."""

    siren: str
    nom: str
    nature: str
    population: int
    region: str
    regions: list[str]
    departements: list[str]
    annee: int


@dataclass(frozen=True, slots=True)
class Histoire:
    """The vintages before the current one. `epcis`: by year, (SIREN, name, nature, inhabitants). `passages`: (year,
    SIREN, SIREN of what it became, percent of its inhabitants that live there); `mouvements`: (year, code of a
    commune, SIREN that it left, SIREN that it joined). See `territoires.construction.millesimes` for the rule."""

    epcis: Mapping[int, list[tuple[str, str, str, int]]]
    disparus: list[Disparue]
    passages: list[tuple[int, str, str, int]]
    mouvements: list[tuple[int, str, str, str]]


AUCUNE_HISTOIRE = Histoire({}, [], [], [])


def histoire() -> Histoire:
    """Read for loading alone, and not kept."""
    contenu = json.loads(
        lzma.decompress((DONNEES / f"millesimes-{PREMIER_MILLESIME}-{MILLESIME}.json.xz").read_bytes())
    )
    return Histoire(
        {int(annee): [tuple(ligne) for ligne in lignes] for annee, lignes in contenu["epcis"].items()},
        [Disparue(*ligne) for ligne in contenu["disparus"]],
        [tuple(ligne) for ligne in contenu["passages"]],
        [tuple(ligne) for ligne in contenu["mouvements"]],
    )


@dataclass(frozen=True, slots=True)
class CommuneNommee:
    """What a commune is searched by. `ancienne`: it has become part of another, whose code it may keep."""

    code: str
    nom: str
    ancienne: bool
    siren: str
    codes_postaux: tuple[str, ...]
    population: int
    departement: str
    siren_epci: str
    siren_ept: str


def communes_nommees() -> list[CommuneNommee]:
    """Communes of the vintage, then those that have become part of them; read for loading alone, and not kept."""
    lieux, noms = _lire("communes"), _lire("communes-noms")
    colonnes = (noms[nom] for nom in ("noms", "codes_postaux", "populations", "departements", "epts"))
    actuelles = {
        code: CommuneNommee(code, nom, False, siren, tuple(postaux.split()), population, departement, epci, ept)
        for code, siren, epci, nom, postaux, population, departement, ept in zip(
            lieux["codes"], lieux["sirens"], lieux["epcis"], *colonnes, strict=True
        )
    }
    anciennes = [
        replace(actuelles[chef_lieu], code=code, nom=nom, ancienne=True, siren="", codes_postaux=(), population=0)
        for code, nom, chef_lieu in noms["anciennes"]
    ]
    return [*actuelles.values(), *anciennes]


@lru_cache(maxsize=1)
def communes() -> Mapping[str, Commune]:
    """Communes by INSEE code."""
    colonnes = _lire("communes")
    lignes = zip(*(colonnes[nom] for nom in ("codes", "sirens", "epcis", "x", "y")), strict=True)
    return {
        code: Commune(code, siren, epci, cadre_de(code), None if x is None else (x, y))
        for code, siren, epci, x, y in lignes
    }


@lru_cache(maxsize=1)
def communes_par_siren() -> Mapping[str, Commune]:
    """The same communes, by their own SIREN."""
    return {commune.siren: commune for commune in communes().values()}


def zone(genre: Genre, code: str) -> Zone | None:
    """The outline of a région, a département (INSEE code) or an EPCI (SIREN); None when it has none."""
    return _contours()[genre].get(code)


def zones(genre: Genre) -> Mapping[str, Zone]:
    """All the outlines of a kind, by code."""
    return _contours()[genre]


@lru_cache(maxsize=3)
def boites(genre: Genre) -> dict[str, tuple[str, Boite]]:
    """The projection of each outline of a kind, and its corners, by code: what tells the few that a frame shows."""
    return {code: (zone.cadre, zone.boite) for code, zone in zones(genre).items()}


def nom(genre: Literal["regions", "departements"], code: str) -> str:
    """Name of a région or a département of the vintage."""
    return _noms(genre)[code]


def cadre_de(code_commune: str) -> str:
    return code_commune[:3] if code_commune.startswith("97") else "metro"


class _Zones(Mapping[str, Zone]):
    """Outlines as they are read, each made when it is asked for: of all that there are, a map shows a few, and their
    points one by one weigh thirty megabytes in each process."""

    def __init__(self, brutes: dict[str, Any]) -> None:
        self._brutes = {
            code: (brute["cadre"], tuple(brute["centre"]), [array("i", ecarts) for ecarts in brute["anneaux"]])
            for code, brute in brutes.items()
        }

    def __getitem__(self, code: str) -> Zone:
        cadre, centre, anneaux = self._brutes[code]
        return Zone(cadre, centre, tuple(_anneau(ecarts) for ecarts in anneaux))

    def __iter__(self) -> Iterator[str]:
        return iter(self._brutes)

    def __len__(self) -> int:
        return len(self._brutes)


@lru_cache(maxsize=1)
def _contours() -> dict[str, Mapping[str, Zone]]:
    """Those that every map is drawn upon are made once."""
    lues = {genre: _Zones(brutes) for genre, brutes in _lire("contours").items()}
    return {genre: lues[genre] if genre == "epcis" else dict(lues[genre]) for genre in lues}


@lru_cache(maxsize=2)
def _noms(genre: str) -> dict[str, str]:
    return {ligne[0]: ligne[1] for ligne in tables()[genre]}


def _anneau(ecarts: Sequence[int]) -> Anneau:
    x, y = ecarts[0], ecarts[1]
    points = [(x, y)]
    for i in range(2, len(ecarts), 2):
        x += ecarts[i]
        y += ecarts[i + 1]
        points.append((x, y))
    return tuple(points)


def _lire(nom: str) -> dict[str, Any]:
    contenu: dict[str, Any] = json.loads(lzma.decompress((DONNEES / f"{nom}-{MILLESIME}.json.xz").read_bytes()))
    return contenu
