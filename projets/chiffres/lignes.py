"""The rows behind a figure: counted at once, read when somebody opens them."""

import hashlib
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Ligne:
    """One row behind a figure and what it brings to it. `libelle` names no company: the press office reads it.

    `valeur` None: nobody has said it, which is another thing than 0.
    """

    pk: int
    libelle: str
    valeur: int | None
    demonstration: bool = False


def total(lignes: Iterable[Ligne]) -> int | None:
    """The sum of the rows that speak: 0 of no row at all, None when there are rows and none of them speaks."""
    lues = [ligne.valeur for ligne in lignes]
    connues = [valeur for valeur in lues if valeur is not None]
    return sum(connues) if connues or not lues else None


@dataclass(frozen=True, slots=True)
class Compte:
    """What is known of rows without reading them: how many, how many speak, whether one is invented, and their `sceau`
    (empty when it was not asked for)."""

    nombre: int
    renseignees: int
    demonstration: bool
    sceau: str = ""


#: All the rows of each of these names, in order, by one statement.
Lot = Callable[[Sequence[Any]], Mapping[Any, Sequence[Ligne]]]


class Justificatif(Sequence[Ligne]):
    """Rows that stay in the database. `lire(debut, fin)` gives those from one rank to the other, in order, from 0;
    without `fin`, to the last. `lot` reads those of several figures at once, each under its `nom`.

    Whoever freezes them reads them within the snapshot that counted them.
    """

    def __init__(
        self,
        compte: Compte,
        lire: Callable[[int, int | None], Iterable[Ligne]],
        lot: Lot | None = None,
        nom: Any = None,
    ) -> None:
        self.compte = compte
        self._lire = lire
        self.lot = lot
        self.nom = nom

    def __len__(self) -> int:
        return self.compte.nombre

    def __iter__(self) -> Iterator[Ligne]:
        return iter(self._lire(0, None)) if self.compte.nombre else iter(())

    def __contains__(self, ligne: object) -> bool:
        return any(ligne == autre for autre in self)

    def __getitem__(self, rangs: Any) -> Any:
        """One of them, or a page (a slice without a step)."""
        if not isinstance(rangs, slice):
            return self[rangs : rangs + 1][0]
        debut, fin, _ = rangs.indices(self.compte.nombre)
        return tuple(self._lire(debut, fin)) if fin > debut else ()

    def __eq__(self, autres: object) -> bool:
        return tuple(self) == tuple(autres) if isinstance(autres, tuple | Justificatif) else NotImplemented

    __hash__ = None  # type: ignore[assignment]


def lire_ensemble(justificatifs: Mapping[str, Sequence[Ligne]]) -> dict[str, tuple[Ligne, ...]]:
    """The rows of several figures in memory, by key: one statement for all those that one `lot` reads."""
    lots: dict[Lot, dict[Any, str]] = defaultdict(dict)
    for cle, lignes in justificatifs.items():
        if isinstance(lignes, Justificatif) and lignes.lot and lignes.compte.nombre:
            lots[lignes.lot][lignes.nom] = cle
    lues = {cle: tuple(lire[nom]) for lot, noms in lots.items() if (lire := lot([*noms])) for nom, cle in noms.items()}
    return {cle: lues[cle] if cle in lues else tuple(lignes) for cle, lignes in justificatifs.items()}


def compter(lignes: Collection[Ligne]) -> Compte:
    if isinstance(lignes, Justificatif):
        return lignes.compte
    return Compte(
        nombre=len(lignes),
        renseignees=sum(ligne.valeur is not None for ligne in lignes),
        demonstration=any(ligne.demonstration for ligne in lignes),
    )


def sceller(lignes: Collection[Ligne]) -> Compte:
    """Their count with their seal."""
    compte = compter(lignes)
    return compte if compte.sceau else replace(compte, sceau=sceau(lignes))


# A seal says in one number whether rows are the same, whatever their order; Postgres adds it up as fast as it counts.
# Each row has a fixed weight drawn from what it is (64 bits of MD5, which here protects from chance alone: what is
# frozen has its SHA-256); the seal is the sum of the weights, then of what each row brings times either half of its
# weight, which a machine word holds.
POIDS = "('x' || left(md5({pk}::text || '|' || {demonstration}::text || '|' || {libelle}), 16))::bit(64)::bigint"
MOITIE = 2**31 - 1
BAS = f"({{poids}} & {MOITIE}) * coalesce(mod({{valeur}} + 2, {MOITIE}), 1)"
HAUTS = f"(({{poids}} >> 31) & {MOITIE}) * coalesce(mod({{valeur}} + 2, {MOITIE}), 1)"


def sceau(lignes: Iterable[Ligne]) -> str:
    """Of rows in memory: what Postgres adds up of their weights, of `BAS` and of `HAUTS`."""
    entiers, bas, hauts = 0, 0, 0
    for ligne in lignes:
        poids, valeur = _poids(ligne), 1 if ligne.valeur is None else (ligne.valeur + 2) % MOITIE
        entiers += poids
        bas += (poids & MOITIE) * valeur
        hauts += ((poids >> 31) & MOITIE) * valeur
    return f"{entiers}:{bas}:{hauts}"


def _poids(ligne: Ligne) -> int:
    texte = f"{ligne.pk}|{'true' if ligne.demonstration else 'false'}|{ligne.libelle}"
    condense = hashlib.md5(texte.encode(), usedforsecurity=False).digest()
    return int.from_bytes(condense[:8], "big", signed=True)
