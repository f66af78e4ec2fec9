"""A connection that knows when each request reached this machine, however long that then waited.

Linux stamps every segment as it arrives (`SO_TIMESTAMPNS`, socket(7)) and gives the stamp of the last one read. It is
the instant at which the end of the request was here: neither that of the connection, which a browser may open long
before it asks anything, nor that of its handling, which an overloaded server puts off.
"""

import socket
import struct
import time
from contextlib import suppress
from typing import Self

# Absent from Python's socket module; the same on every Linux that Python 3.11 supports but SPARC and PA-RISC.
SO_TIMESTAMPNS = 35
INSTANT = struct.Struct("@ll")
ANCILLAIRE = socket.CMSG_SPACE(INSTANT.size)
SECONDE = 10**9
# Two clocks read within ten microseconds are read together; ten times in a row apart is unheard of.
ENSEMBLE = 10_000
LECTURES = 10


class SocketEstampillee(socket.socket):
    """A connection that remembers when its last bytes arrived."""

    _lue = 0
    _attente_noyau = 0

    @classmethod
    def de(cls, connexion: socket.socket) -> Self:
        """Take over `connexion`, which is then closed to its former holder."""
        delai = connexion.gettimeout()
        nouvelle = cls(connexion.family, connexion.type, connexion.proto, connexion.detach())
        nouvelle.settimeout(delai)
        estampiller(nouvelle)
        return nouvelle

    def recv(self, bufsize: int, flags: int = 0, /) -> bytes:
        octets, annexes, _, _ = self.recvmsg(bufsize, ANCILLAIRE, flags)
        if octets and not flags & socket.MSG_PEEK:
            heure, self._lue = heures()
            self._attente_noyau = max(0, heure - estampille) if (estampille := _lire(annexes)) else 0
        return octets

    def attente(self, monotone: int) -> int:
        """Nanoseconds from the arrival at this machine of the last bytes that were read to `monotone` (of the
        monotonic clock); from their reading, where the system does not stamp them: never more than the truth.
        """
        return monotone - self._lue + self._attente_noyau if self._lue else 0


def estampiller(prise: socket.socket) -> None:
    """Ask for stamps. The connections of a listening socket inherit it: their first bytes are stamped too."""
    # A Unix socket has none: what was read last is then the instant that counts.
    with suppress(OSError):
        prise.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)


def heure_du_noeud() -> int:
    """This machine's wall clock, in nanoseconds since 1970: the clock that stamps."""
    return time.time_ns()


def heures() -> tuple[int, int]:
    """The wall clock and the monotonic one at the same instant, both in nanoseconds.

    A busy machine may put this thread aside between two readings: it reads again until they are close, and keeps the
    closest.
    """
    lues = []
    for _ in range(LECTURES):
        avant, heure, apres = time.monotonic_ns(), heure_du_noeud(), time.monotonic_ns()
        lues.append((apres - avant, heure, (avant + apres) // 2))
        if apres - avant <= ENSEMBLE:
            break
    _, heure, monotone = min(lues)
    return heure, monotone


def _lire(annexes: list[tuple[int, int, bytes]]) -> int:
    """The kernel's stamp, in nanoseconds since 1970; 0 without one."""
    for niveau, genre, valeur in annexes:
        if (niveau, genre) == (socket.SOL_SOCKET, SO_TIMESTAMPNS):
            secondes, nanosecondes = INSTANT.unpack_from(valeur)
            return int(secondes) * SECONDE + int(nanosecondes)
    return 0
