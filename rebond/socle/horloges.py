"""When a request was received, on the database's clock: the one clock that several web servers share.

The design's invariant 1. In order of trust: the first trusted hop's `X-Request-Start`, when the settings say that a
reverse proxy overwrites it; the arrival at this server, which its worker stamps (`rebond.socle.estampille`); the
database's instant. Waiting before being handled never counts against the sender, nor a wrong clock for anybody.
"""

import re
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from django.conf import settings
from django.http import HttpRequest

from rebond.socle.estampille import SECONDE, SocketEstampillee, heure_du_noeud
from rebond.socle.temps import horloge_base

# Beyond it a node's clock is not believed, and someone is told.
ECART_MAX = timedelta(seconds=1)
# What an oscillator may drift between two measures: 100 parts per million.
DERIVE = 100e-6
# The reverse proxy is judged on the requests of five minutes, ten at least, a thousand at most.
MEMOIRE = 300.0
DELAIS_MIN = 10
DELAIS_MAX = 1000
# nginx: `t=${msec}`; others write microseconds.
ENTETE = re.compile(r"t=(\d{10})(?:\.(\d{1,6}))?", re.ASCII)


class Noeud(StrEnum):
    """Whose clock may be wrong."""

    SERVEUR = "serveur"
    MANDATAIRE = "mandataire"


class Horloge(StrEnum):
    """Whose clock said when a request was received."""

    MANDATAIRE = "mandataire"
    SERVEUR = "serveur"
    BASE = "base"


@dataclass(frozen=True)
class Reception:
    """The instant (database's clock) at which a request was received, and how it is known.

    `ecart` is the database's clock less the server's, or less that of the `suspect`: the node whose clock is more than
    `ECART_MAX` off, if any.
    """

    instant: datetime
    horloge: Horloge
    ecart: timedelta
    suspect: Noeud | None = None

    @property
    def preuve(self) -> dict[str, object]:
        """What the journal keeps of it."""
        return {"horloge": str(self.horloge), "ecart_ms": round(self.ecart / timedelta(milliseconds=1), 3)}


@dataclass(frozen=True)
class _Mesure:
    """`base` was the database's clock at `monotone` (seconds), within `incertitude` (seconds either way)."""

    base: datetime
    monotone: float
    incertitude: float

    def doute(self, monotone: float) -> float:
        return self.incertitude + abs(monotone - self.monotone) * DERIVE

    def instant(self, monotone: float) -> datetime:
        return self.base + timedelta(seconds=monotone - self.monotone)

    def contredit(self, autre: "_Mesure") -> bool:
        distance = abs(self.base - autre.instant(self.monotone))
        return distance > timedelta(seconds=self.incertitude + autre.doute(self.monotone))


class HorlogeDeLaBase:
    """The database's clock as this process knows it: asked, and carried from one answer to the next by the monotonic
    clock, which nobody sets. The quickest answers are the surest (RFC 5905, clock filter).
    """

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._meilleure: _Mesure | None = None

    def mesurer(self) -> datetime:
        """Ask the database, and return its answer. Raises what the connection raises."""
        avant = time.monotonic()
        base = horloge_base()
        apres = time.monotonic()
        nouvelle = _Mesure(base, (avant + apres) / 2, (apres - avant) / 2)
        with self._verrou:
            connue = self._meilleure
            # Two that cannot both be true: the database's clock was set, another one answers, or this machine slept.
            if connue is None or nouvelle.incertitude < connue.doute(apres) or nouvelle.contredit(connue):
                self._meilleure = nouvelle
        return base

    def instant(self, monotone: float) -> datetime:
        """What it showed, or shows, at `monotone`. To be asked after `mesurer`."""
        assert self._meilleure is not None  # noqa: S101 (the type checker cannot know)
        return self._meilleure.instant(monotone)


class HorlogeDuMandataire:
    """The reverse proxy's clock, as the delays between its stamps and the arrivals here tell it.

    Nothing arrives before it was sent: the least delay of late minutes is the offset, and the shortest way.
    """

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._delais: deque[tuple[float, timedelta]] = deque(maxlen=DELAIS_MAX)

    def noter(self, delai: timedelta, monotone: float) -> None:
        with self._verrou:
            self._delais.append((monotone, delai))

    def ecart(self, monotone: float) -> timedelta | None:
        """What to add to its stamps; None as long as too few requests were seen to tell an offset from a delay."""
        with self._verrou:
            while self._delais and self._delais[0][0] < monotone - MEMOIRE:
                self._delais.popleft()
            delais = [delai for _, delai in self._delais]
        return min(delais) if len(delais) >= DELAIS_MIN else None


_base = HorlogeDeLaBase()
_mandataire = HorlogeDuMandataire()


def recevoir(request: HttpRequest, *, grace: timedelta) -> Reception:
    """When the end of `request` was received. `grace` is the longest delay before its handling that is believed.

    Reads the whole body of the request, which must be a small one.
    """
    request.POST  # noqa: B018 (the last byte is the one that counts)
    reponse = _base.mesurer()
    nanosecondes = time.monotonic_ns()
    monotone = nanosecondes / SECONDE
    maintenant = _base.instant(monotone)
    attente = _attente(request, nanosecondes)
    # The database answered after the arrival, whatever the error on the rest.
    arrivee = min(maintenant - attente, reponse) if attente <= grace else reponse
    ecart = maintenant - _heure_du_noeud()
    if abs(ecart) > ECART_MAX:
        # What has elapsed does not depend on what the clock says: it is taken off the database's instant.
        return Reception(arrivee, Horloge.BASE, ecart, suspect=Noeud.SERVEUR)
    annonce = _annonce(request)
    if annonce is None:
        return Reception(arrivee, Horloge.SERVEUR if attente else Horloge.BASE, ecart)
    correction = ecart + (_mandataire.ecart(monotone) or timedelta(0))
    if abs(correction) > ECART_MAX:
        return Reception(arrivee, Horloge.BASE, correction, suspect=Noeud.MANDATAIRE)
    annonce += correction
    if maintenant - annonce > grace:
        return Reception(arrivee, Horloge.SERVEUR, ecart)
    # It cannot have been there after it was here.
    return Reception(min(annonce, arrivee), Horloge.MANDATAIRE, ecart)


def ecarts() -> dict[Noeud, timedelta]:
    """The database's clock less that of this server, and of the trusted proxy once enough requests have told it.

    Raises what the connection to the database raises.
    """
    _base.mesurer()
    monotone = time.monotonic()
    serveur = _base.instant(monotone) - _heure_du_noeud()
    mandataire = _mandataire.ecart(monotone)
    return {Noeud.SERVEUR: serveur} | ({} if mandataire is None else {Noeud.MANDATAIRE: serveur + mandataire})


def observer_le_mandataire(request: HttpRequest) -> None:
    """Compare the trusted proxy's stamp with the arrival here. Every request teaches, none waits for it."""
    annonce = _annonce(request)
    if annonce is not None:
        attente = _attente(request, time.monotonic_ns())
        _mandataire.noter(_heure_du_noeud() - attente - annonce, time.monotonic())


def _attente(request: HttpRequest, monotone: int) -> timedelta:
    connexion = request.META.get("gunicorn.socket")
    if not isinstance(connexion, SocketEstampillee):
        return timedelta(0)
    return timedelta(seconds=connexion.attente(monotone))


def _annonce(request: HttpRequest) -> datetime | None:
    """What the trusted proxy says; None without one: anybody can write a header."""
    if not settings.MANDATAIRE_DE_CONFIANCE:
        return None
    trouvee = ENTETE.fullmatch(request.headers.get("X-Request-Start", ""))
    if trouvee is None:
        return None
    secondes, fraction = trouvee.groups(default="")
    return datetime.fromtimestamp(int(secondes), UTC) + timedelta(microseconds=int(fraction.ljust(6, "0")))


def _heure_du_noeud() -> datetime:
    secondes, reste = divmod(heure_du_noeud(), SECONDE)
    return datetime.fromtimestamp(secondes, UTC) + timedelta(microseconds=reste // 1000)
