"""What became of each EPCI from one vintage to the next, computed from the communes of both.

The rule. Every commune of a vintage is followed into the next one: under its own code, else under that of the commune
that it has become part of. Then, weighing communes by the inhabitants that they had:

- an EPCI whose SIREN the next vintage no longer knows is succeeded by each EPCI where at least `PART_MIN` of its
  inhabitants live now, or by the largest alone when none has so many (a merger, a split, another number);
- an EPCI whose SIREN the next vintage knows for the first time comes, besides, from each living EPCI that gave it at
  least `PART_MIN` of its own inhabitants (one that left another);
- a commune whose EPCI is another one, while the EPCI that it left goes on, has moved.

A new name, or another nature under the same SIREN, is no succession: a SIREN names one legal person for ever.
"""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from territoires.construction.sources import Decoupage

PART_MIN = 0.1


@dataclass(frozen=True, order=True, slots=True)
class Passage:
    """From `annee` on, `part` percent of the inhabitants of `ancien` are those of `nouveau` (both SIREN)."""

    annee: int
    ancien: str
    nouveau: str
    part: int


@dataclass(frozen=True, order=True, slots=True)
class Mouvement:
    """From `annee` on, the commune `code` belongs to `nouveau` rather than to `ancien`; empty: to none."""

    annee: int
    code: str
    ancien: str
    nouveau: str


def passages(avant: Decoupage, apres: Decoupage, annee: int) -> list[Passage]:
    """Of `avant` into `apres`, which is the vintage of `annee`."""
    partis, recus, habitants = _flux(avant, apres)
    connus, restes = _sirens(avant), _sirens(apres)
    trouves = {
        Passage(annee, ancien, nouveau, _part(nombre, sum(vers.values())))
        for ancien, vers in partis.items()
        if ancien not in restes
        for nouveau, nombre in _principaux(vers, sum(vers.values()))
    }
    for nouveau, d_ou in recus.items():
        if nouveau not in connus:
            trouves |= {
                Passage(annee, ancien, nouveau, _part(nombre, habitants[ancien]))
                for ancien, nombre in _principaux(d_ou, sum(d_ou.values()))
                if ancien in restes
            }
    return sorted(trouves)


def mouvements(avant: Decoupage, apres: Decoupage, annee: int) -> list[Mouvement]:
    """Communes that have left an EPCI which goes on."""
    restes = _sirens(apres)
    return sorted(
        Mouvement(annee, code, commune.epci, nouveau)
        for code, commune in avant.communes.items()
        if code in apres.communes
        and (nouveau := apres.communes[code].epci) != commune.epci
        and (not commune.epci or commune.epci in restes)
    )


def communes_des_disparus(decoupages: Mapping[int, Decoupage]) -> dict[str, str]:
    """Of the communes of the last vintage, those whose EPCI is gone since an earlier one, and the last such EPCI."""
    derniere = decoupages[max(decoupages)]
    restes = _sirens(derniere)
    return {
        la: commune.epci
        for annee in sorted(decoupages)
        for code, commune in decoupages[annee].communes.items()
        if commune.epci
        and commune.epci not in restes
        and (la := code if code in derniere.communes else suivre(code, derniere.deleguees)) in derniere.communes
    }


def suivre(code: str, rattachements: Mapping[str, str]) -> str:
    """The code under which a commune is known, through as many mergers as there were."""
    vus = {code}
    while (suivant := rattachements.get(code, code)) not in vus:
        vus.add(suivant)
        code = suivant
    return code


def _sirens(decoupage: Decoupage) -> set[str]:
    return {epci.siren for epci in decoupage.epcis}


def _flux(avant: Decoupage, apres: Decoupage) -> tuple[dict[str, Counter[str]], dict[str, Counter[str]], Counter[str]]:
    """Inhabitants that went from each EPCI to each, by where they come from then by where they go, and those of each.

    An empty commune still counts for one: a SIREN never vanishes without a word."""
    partis: dict[str, Counter[str]] = defaultdict(Counter)
    recus: dict[str, Counter[str]] = defaultdict(Counter)
    habitants: Counter[str] = Counter()
    for ancien, nouveau, nombre in _suites(avant, apres):
        habitants[ancien] += nombre
        if nouveau:
            partis[ancien][nouveau] += nombre
            recus[nouveau][ancien] += nombre
    return partis, recus, habitants


def _suites(avant: Decoupage, apres: Decoupage) -> Iterator[tuple[str, str, int]]:
    for code, commune in avant.communes.items():
        la = code if code in apres.communes else suivre(code, apres.deleguees)
        suite = apres.communes.get(la)
        nombre = max(commune.population, 1)
        if commune.epci:
            yield commune.epci, suite.epci if suite else "", nombre
        if commune.ept:
            yield commune.ept, suite.ept if suite else "", nombre


def _principaux(vers: Counter[str], total: int) -> list[tuple[str, int]]:
    gardes = [(siren, nombre) for siren, nombre in vers.items() if nombre >= PART_MIN * total]
    return gardes or vers.most_common(1)


def _part(nombre: int, total: int) -> int:
    return max(1, round(100 * nombre / total))
