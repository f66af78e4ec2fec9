"""Known flaws of what the locks name, looked up in a file of the repository: no network is asked.

`requirements/avis.json` holds, of the Python Packaging Advisory Database (github.com/pypa/advisory-database, under
CC-BY 4.0), the facts that bear on our dependencies: identifiers and versions. It is as recent as the copy that it was
made from, whose day it tells. Made again by `make avis DEPUIS=<a checkout of that database>`.
"""

import json
import re
import subprocess
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from packaging.utils import canonicalize_name
from packaging.version import InvalidVersion, Version

VERROUS = ("requirements/production.txt", "requirements/demo.txt", "requirements/dev.txt")
FICHIER = Path("requirements/avis.json")
SOURCE = "Python Packaging Advisory Database, CC-BY 4.0"


@dataclass(frozen=True)
class Intervalle:
    """From `debut` included to `corrige` excluded, or to `dernier` included; without either, for ever."""

    debut: str
    corrige: str | None = None
    dernier: str | None = None

    def contient(self, version: Version) -> bool:
        return (
            version >= Version(self.debut)
            and (self.corrige is None or version < Version(self.corrige))
            and (self.dernier is None or version <= Version(self.dernier))
        )


@dataclass(frozen=True)
class Avis:
    """A flaw of a package, by its canonical name: versions within an interval are affected, and those named one by
    one."""

    id: str
    alias: tuple[str, ...]
    paquet: str
    intervalles: tuple[Intervalle, ...]
    versions: tuple[str, ...] = ()

    def atteint(self, version: str) -> bool:
        return version in self.versions or any(i.contient(Version(version)) for i in self.intervalles)


def verrouillees(verrous: Iterable[Path]) -> dict[str, str]:
    """The version of each package that these locks install."""
    lignes = (ligne for verrou in verrous for ligne in verrou.read_text().splitlines())
    trouvees = (re.match(r"([\w.-]+)(?:\[[\w,-]+\])?==([^\s;]+)", ligne) for ligne in lignes)
    return {canonicalize_name(m[1]): m[2] for m in trouvees if m}


def atteintes(versions: dict[str, str], avis: Iterable[Avis]) -> list[tuple[str, str, Avis]]:
    return [(a.paquet, versions[a.paquet], a) for a in avis if a.paquet in versions and a.atteint(versions[a.paquet])]


def lire(fichier: Path) -> tuple[str, list[Avis]]:
    """The day of the copy, and the advisories."""
    lu = json.loads(fichier.read_text())
    avis = [
        Avis(
            un["id"],
            tuple(un["alias"]),
            un["paquet"],
            tuple(Intervalle(**intervalle) for intervalle in un["intervalles"]),
            tuple(un["versions"]),
        )
        for un in lu["avis"]
    ]
    return lu["au"], avis


def rassembler(base: Path, paquets: Iterable[str]) -> list[Avis]:
    """What this checkout of the database says of `paquets`, in the order of its identifiers; nothing withdrawn."""
    import yaml  # late: bootstrap

    avis = []
    for paquet in sorted(paquets):
        for fiche in sorted((base / "vulns" / paquet).glob("*.yaml")):
            lue = yaml.safe_load(fiche.read_text())
            if not lue.get("withdrawn"):
                avis += [_avis(lue, touche) for touche in lue["affected"] if touche["package"]["name"]]
    return [un for un in avis if un.paquet in set(paquets)]


def _avis(fiche: dict[str, Any], touche: dict[str, Any]) -> Avis:
    plages = [plage for plage in touche.get("ranges", ()) if plage["type"] == "ECOSYSTEM"]
    try:
        intervalles = [intervalle for plage in plages for intervalle in _intervalles(plage)]
    except InvalidVersion:
        intervalles = []
    return Avis(
        fiche["id"],
        tuple(sorted(fiche.get("aliases", ()))),
        canonicalize_name(touche["package"]["name"]),
        tuple(intervalles),
        # Its list of versions repeats the intervals, when there are some.
        () if intervalles else tuple(map(str, touche.get("versions", ()))),
    )


def _intervalles(plage: dict[str, Any]) -> Iterator[Intervalle]:
    """OSV tells a line of events, each interval begun by one and ended by the next."""
    debut: str | None = None
    for evenement in plage["events"]:
        if "introduced" in evenement:
            if debut is not None:
                yield Intervalle(_version(debut))
            debut = str(evenement["introduced"])
        elif debut is not None:
            corrige, dernier = evenement.get("fixed"), evenement.get("last_affected")
            yield Intervalle(_version(debut), corrige and _version(corrige), dernier and _version(dernier))
            debut = None
    if debut is not None:
        yield Intervalle(_version(debut))


def _version(texte: object) -> str:
    """Raises InvalidVersion for what is no version of a Python package."""
    return str(Version(str(texte)))


def _ecrire(jour: str, avis: Iterable[Avis]) -> None:
    """One advisory a line, so that what a new copy adds can be read."""
    lignes = ",\n".join(json.dumps(asdict(un), ensure_ascii=False) for un in avis)
    FICHIER.write_text(f'{{"source": "{SOURCE}", "au": "{jour}", "avis": [\n{lignes}\n]}}\n')


def main(arguments: Sequence[str]) -> int:
    versions = verrouillees(map(Path, VERROUS))
    if arguments:
        base = Path(arguments[0])
        jour = subprocess.run(
            ["git", "-C", base, "log", "-1", "--format=%cs"], check=True, capture_output=True, text=True
        ).stdout.strip()
        avis = rassembler(base, versions)
        _ecrire(jour, avis)
    jour, avis = lire(FICHIER)
    trouvees = atteintes(versions, avis)
    for paquet, version, un in trouvees:
        print(f"{paquet} {version} : {un.id} ({', '.join(un.alias)})", file=sys.stderr)
    print(f"{len(versions)} dépendances, {len(avis)} avis connus au {jour} : {len(trouvees)} faille(s).")
    return 1 if trouvees else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
