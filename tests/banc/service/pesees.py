"""What processes weigh, themselves and those that they start, as proc(5) tells it: in millions of bytes.

A page that several processes share counts for its share (PSS): what is added up is what the machine gives.
"""

import os
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PAS = 0.05
PSS = re.compile(r"^Pss:\s+(\d+) kB", re.MULTILINE)
SOMMET = re.compile(r"^VmHWM:\s+(\d+) kB", re.MULTILINE)
# Fields 14 to 17 of proc(5) « stat », counted after the name, which may hold spaces; in ticks.
TEMPS, TOPS_PAR_SECONDE = slice(11, 15), os.sysconf("SC_CLK_TCK")


@dataclass
class Pesee:
    """The most that a family weighed at one instant, and the most that one process of it did."""

    ensemble: float = 0.0
    plus_lourd: float = 0.0


@contextmanager
def peser(pid: int) -> Iterator[Pesee]:
    """The process and its descendants, looked at twenty times a second until the end of the body."""
    pesee, fini = Pesee(), threading.Event()

    def noter() -> None:
        poids = [pss(membre) for membre in famille(pid)]
        pesee.ensemble = max(pesee.ensemble, sum(poids))
        pesee.plus_lourd = max(pesee.plus_lourd, *poids)

    def guetter() -> None:
        while not fini.wait(PAS):
            noter()

    noter()
    fil = threading.Thread(target=guetter)
    fil.start()
    try:
        yield pesee
    finally:
        fini.set()
        fil.join()


def famille(pid: int) -> list[int]:
    """The process and its descendants."""
    tous, restants = [], [pid]
    while restants:
        membre = restants.pop()
        tous.append(membre)
        with suppress(OSError):
            for fil in Path(f"/proc/{membre}/task").iterdir():
                restants += map(int, (fil / "children").read_text().split())
    return tous


def pss(pid: int) -> float:
    """0 for a process that is no more."""
    with suppress(OSError):
        return _mo(PSS, Path(f"/proc/{pid}/smaps_rollup"))
    return 0.0


def sommet() -> float:
    """The most that this process has ever held. Not `getrusage`: what it tells begins with whoever started us."""
    return _mo(SOMMET, Path("/proc/self/status"))


def processeur(pid: int) -> float:
    """Seconds of processor of the family, those whom it has waited for included."""
    tops = 0
    for membre in famille(pid):
        with suppress(OSError):
            _, _, reste = Path(f"/proc/{membre}/stat").read_text().rpartition(") ")
            tops += sum(map(int, reste.split()[TEMPS]))
    return tops / TOPS_PAR_SECONDE


def _mo(motif: re.Pattern[str], fichier: Path) -> float:
    trouve = motif.search(fichier.read_text())
    return int(trouve[1]) * 1024 / 1e6 if trouve else 0.0
