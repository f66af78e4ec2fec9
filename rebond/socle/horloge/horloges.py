"""When a request was received, on the database's clock: the one clock that several web servers share.

The design's invariant 1. In order of trust: the first trusted hop's `X-Request-Start`, when the settings say that a
reverse proxy overwrites it; the arrival at this server, which its worker stamps (`rebond.socle.horloge.estampille`);
the database's instant. Waiting before being handled never counts against the sender, nor a wrong clock for anybody.
"""

import re
import threading
import time
from collections import deque
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from math import ceil

from django.conf import settings
from django.http import HttpRequest

from rebond.socle.horloge.estampille import SECONDE, SocketEstampillee, heures
from rebond.socle.horloge.temps import EPOQUE, lire_l_horloge

MICROSECONDE = timedelta(microseconds=1)
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

    `ecart` is what is known to separate the database's clock from the server's, or from that of the `suspect`: the
    node whose clock is more than `ECART_MAX` off, if any.
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
class Arrivee:
    """Both clocks of this server at one instant, when a request was wholly here (nanoseconds)."""

    heure: int
    monotone: int


@dataclass(frozen=True)
class Lecture:
    """What the database's clock showed at some instant between `avant` and `apres` (nanoseconds, monotonic clock)."""

    instant: datetime
    avant: int
    apres: int


@dataclass(frozen=True)
class _Encadrement:
    """At `monotone`, what to add to the monotonic clock to get the database's is in between (nanoseconds)."""

    plancher: int
    plafond: int
    monotone: int

    def a(self, monotone: int) -> "_Encadrement":
        """The same at another instant: a little wider."""
        doute = ceil(abs(monotone - self.monotone) * DERIVE)
        return _Encadrement(self.plancher - doute, self.plafond + doute, monotone)

    def croiser(self, autre: "_Encadrement") -> "_Encadrement":
        """What both allow; `autre` alone when they cannot both be true."""
        ici = self.a(autre.monotone)
        plancher, plafond = max(ici.plancher, autre.plancher), min(ici.plafond, autre.plafond)
        return _Encadrement(plancher, plafond, autre.monotone) if plancher <= plafond else autre


class HorlogeDeLaBase:
    """The database's clock as this process knows it: asked, and carried from one answer to the next by the monotonic
    clock, which nobody sets.

    The database reads its clock after the question is asked and before the answer is here: each answer bounds the
    offset between both clocks, and what all of them allow is known better than any of them says (Marzullo and Owicki,
    1983). However slow, none misleads.
    """

    def __init__(self) -> None:
        self._verrou = threading.Lock()
        self._connu: _Encadrement | None = None

    def mesurer(self) -> datetime:
        """Ask the database, and return its answer. Raises what the connection raises."""
        avant = time.monotonic_ns()
        base = lire_l_horloge()
        self.apprendre(base, avant, time.monotonic_ns())
        return base

    def apprendre(self, base: datetime, avant: int, apres: int) -> None:
        """It showed `base` at some instant between `avant` and `apres` (nanoseconds of the monotonic clock)."""
        lue = (base - EPOQUE) // MICROSECONDE * 1000
        # Its answer says the microsecond under way.
        nouvel = _Encadrement(lue - apres, lue + 1000 - avant, apres)
        with self._verrou:
            # They contradict each other when its clock was set, another one answers, or this machine slept.
            self._connu = nouvel if self._connu is None else self._connu.croiser(nouvel)

    def heure(self, monotone: int) -> int:
        """What it showed, or shows, at `monotone`, in nanoseconds since 1970. To be asked after `mesurer`."""
        connu = self._encadrement(monotone)
        return monotone + (connu.plancher + connu.plafond) // 2

    def ecart(self, heure: int, monotone: int) -> int:
        """What to add, at least, to a clock that shows `heure` at `monotone` (nanoseconds).

        Nothing as long as it may well be right: a correction smaller than the doubt about it would be noise.
        """
        connu = self._encadrement(monotone)
        plancher, plafond = connu.plancher + monotone - heure, connu.plafond + monotone - heure
        return max(plancher, min(plafond, 0))

    def _encadrement(self, monotone: int) -> _Encadrement:
        assert self._connu is not None  # noqa: S101 (the type checker cannot know)
        return self._connu.a(monotone)


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
    arrivee, lue = interroger(request)
    return recevoir_selon(request, grace=grace, arrivee=arrivee, lue=lue)


def arrivee_de(request: HttpRequest) -> Arrivee:
    """To be noted before the database is asked for whatever will tell its clock (`recevoir_selon`)."""
    request.POST  # noqa: B018 (the last byte is the one that counts)
    return Arrivee(*heures())


def interroger(request: HttpRequest) -> tuple[Arrivee, Lecture]:
    """Ask the database's clock once the request is wholly here, for `recevoir_selon`: `recevoir` in two times, for
    whoever learns the delay that is believed from what the request itself speaks of.
    """
    request.POST  # noqa: B018 (the last byte is the one that counts)
    avant = time.monotonic_ns()
    instant = lire_l_horloge()
    apres = time.monotonic_ns()
    return Arrivee(*heures()), Lecture(instant, avant, apres)


def recevoir_selon(request: HttpRequest, *, grace: timedelta, arrivee: Arrivee, lue: Lecture) -> Reception:
    """What `recevoir` says, of a request that asked the database's clock together with something else."""
    _base.apprendre(lue.instant, lue.avant, lue.apres)
    return _juger(request, grace, lue.instant, arrivee.heure, arrivee.monotone)


def _juger(request: HttpRequest, grace: timedelta, reponse: datetime, heure: int, monotone: int) -> Reception:
    """`reponse`: what the database's clock showed once the request was here; both others, this server's since then."""
    ecart = _duree(decalage := _base.ecart(heure, monotone))
    juste = abs(ecart) <= ECART_MAX
    # What has elapsed does not depend on what a clock says: it is taken off the database's instant if need be.
    maintenant = heure + decalage if juste else _base.heure(monotone)
    attente = _attente(request, monotone)
    # The database answered after the arrival, whatever the error on the rest.
    arrivee = min(_instant(maintenant - attente), reponse) if _duree(attente) <= grace else reponse
    if not juste:
        return Reception(arrivee, Horloge.BASE, ecart, suspect=Noeud.SERVEUR)
    annonce = _annonce(request)
    if annonce is None:
        return Reception(arrivee, Horloge.SERVEUR if attente else Horloge.BASE, ecart)
    correction = ecart + (_mandataire.ecart(monotone / SECONDE) or timedelta(0))
    if abs(correction) > ECART_MAX:
        return Reception(arrivee, Horloge.BASE, correction, suspect=Noeud.MANDATAIRE)
    annonce += correction
    if _instant(maintenant) - annonce > grace:
        return Reception(arrivee, Horloge.SERVEUR, ecart)
    # It cannot have been there after it was here.
    return Reception(min(annonce, arrivee), Horloge.MANDATAIRE, ecart)


def ecarts() -> dict[Noeud, timedelta]:
    """The database's clock less that of this server, and of the trusted proxy once enough requests have told it.

    Raises what the connection to the database raises.
    """
    _base.mesurer()
    heure, monotone = heures()
    serveur = _duree(_base.ecart(heure, monotone))
    mandataire = _mandataire.ecart(monotone / SECONDE)
    return {Noeud.SERVEUR: serveur} | ({} if mandataire is None else {Noeud.MANDATAIRE: serveur + mandataire})


def observer_le_mandataire(request: HttpRequest) -> None:
    """Compare the trusted proxy's stamp with the arrival here. Every request teaches, none waits for it."""
    annonce = _annonce(request)
    if annonce is not None:
        heure, monotone = heures()
        _mandataire.noter(_instant(heure - _attente(request, monotone)) - annonce, monotone / SECONDE)


def _attente(request: HttpRequest, monotone: int) -> int:
    """Nanoseconds from the arrival of the request to `monotone`; 0 when nobody knows."""
    connexion = request.META.get("gunicorn.socket")
    return connexion.attente(monotone) if isinstance(connexion, SocketEstampillee) else 0


def _annonce(request: HttpRequest) -> datetime | None:
    """What the trusted proxy says; None without one: anybody can write a header."""
    if not settings.MANDATAIRE_DE_CONFIANCE:
        return None
    trouvee = ENTETE.fullmatch(request.headers.get("X-Request-Start", ""))
    if trouvee is None:
        return None
    secondes, fraction = trouvee.groups(default="")
    return datetime.fromtimestamp(int(secondes), UTC) + timedelta(microseconds=int(fraction.ljust(6, "0")))


def _instant(nanosecondes: int) -> datetime:
    """The microsecond under way, as PostgreSQL says it."""
    return EPOQUE + nanosecondes // 1000 * MICROSECONDE


def _duree(nanosecondes: int) -> timedelta:
    return timedelta(microseconds=nanosecondes / 1000)
