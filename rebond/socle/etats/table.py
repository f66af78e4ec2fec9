"""What a state machine is made of; each aggregate declares its table in its own `etats` module."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pgtrigger

from rebond.socle.journal.actes import Acte

Garde = Callable[[Any], str | None]


@dataclass(frozen=True)
class Transition:
    """`acte` moves an object from one of `sources` to `cible`.

    `refus` is what a person reads when the state is not one of `sources`. Each guard receives the locked object and
    answers None, or the French sentence that refuses.
    """

    acte: Acte
    sources: frozenset[str]
    cible: str
    refus: str
    gardes: tuple[Garde, ...] = ()


class Table(Mapping[str, Transition]):
    """The transitions of one aggregate, by act; made once, in its `etats` module."""

    def __init__(self, *transitions: Transition) -> None:
        self._par_acte: dict[str, Transition] = {transition.acte: transition for transition in transitions}
        if len(self._par_acte) != len(transitions):
            raise ValueError("Two transitions bear the same act.")

    def __getitem__(self, acte: str) -> Transition:
        return self._par_acte[acte]

    def __iter__(self) -> Iterator[str]:
        return iter(self._par_acte)

    def __len__(self) -> int:
        return len(self._par_acte)

    def empechement(self, acte: str, etat: str) -> str | None:
        """Why `acte` does not start from `etat`, in the words of the table; None when it does."""
        transition = self[acte]
        return None if etat in transition.sources else transition.refus

    def permet(self, acte: str, etat: str) -> bool:
        """Whether `acte` starts from `etat`: what a button asks before it shows itself."""
        return self.empechement(acte, etat) is None


def declencheur_etats(table: Table, *, champ: str = "etat") -> pgtrigger.Trigger:
    """Postgres trigger that refuses a change of state absent from `table`."""
    couples = sorted({(source, t.cible) for t in table.values() for source in t.sources if source != t.cible})
    return pgtrigger.FSM(name=f"{champ}_suit_la_table", field=champ, transitions=couples)
