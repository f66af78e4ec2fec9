"""A light HTTP/1.1 client: one thread, as many kept connections as asked, one request at a time on each."""

import selectors
import socket
import statistics
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPResponse

DELAI = 300.0
LECTURE = 256 * 1024
FIN_DE_MORCEAUX = b"\r\n0\r\n\r\n"


def requete(adresse: str, *, corps: bytes | None = None, **entetes: str) -> bytes:
    """The bytes of a GET, or of a POST of a form; `entetes` by their names, « _ » for « - »."""
    lignes = [f"{'GET' if corps is None else 'POST'} {adresse} HTTP/1.1", "Host: 127.0.0.1", "Accept-Encoding: gzip"]
    lignes += [f"{nom.replace('_', '-')}: {valeur}" for nom, valeur in entetes.items()]
    if corps is not None:
        lignes += ["Content-Type: application/x-www-form-urlencoded", f"Content-Length: {len(corps)}"]
    return "\r\n".join([*lignes, "", ""]).encode() + (corps or b"")


@dataclass
class Charge:
    """What came back: seconds of each answer, seconds to its first byte, statuses, bytes, and how long it all took."""

    durees: list[float] = field(default_factory=list)
    premiers: list[float] = field(default_factory=list)
    statuts: Counter[int] = field(default_factory=Counter)
    octets: int = 0
    temps: float = 0.0

    @property
    def par_seconde(self) -> float:
        return len(self.durees) / self.temps if self.temps else 0.0

    def centile(self, rang: int) -> float:
        """In milliseconds."""
        return centile(self.durees, rang)


def centile(durees: list[float], rang: int) -> float:
    """The `rang`-th percentile of seconds, in milliseconds."""
    if len(durees) < 2:
        return 1000 * durees[0] if durees else 0.0
    return 1000 * statistics.quantiles(durees, n=100, method="inclusive")[rang - 1]


class _Connexion:
    def __init__(self, port: int, rang: int) -> None:
        self.rang = rang
        self.prise = socket.create_connection(("127.0.0.1", port), timeout=DELAI)
        self.prise.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.debut = 0.0
        self.demande = b""

    def demander(self, demande: bytes) -> None:
        self.demande = demande
        self.tampon = bytearray()
        self.premier = 0.0
        self.reste: int | None = None
        self.statut, self.lus, self.par_morceaux, self.fermante = 0, 0, False, False
        self.debut = time.perf_counter()
        self.prise.sendall(demande)

    def lire(self) -> bool:
        """Take what has come; True once the answer is whole. Raises ConnectionError when it will never be."""
        recu = self.prise.recv(LECTURE)
        if not recu:
            raise ConnectionError("fermée avant la fin de la réponse")
        self.premier = self.premier or time.perf_counter()
        self.lus += len(recu)
        self.tampon += recu
        if not self.statut and not self._lire_la_tete():
            return False
        if self.reste is not None:
            return len(self.tampon) >= self.reste
        if self.tampon.endswith(FIN_DE_MORCEAUX):
            return True
        del self.tampon[: -len(FIN_DE_MORCEAUX)]
        return False

    def _lire_la_tete(self) -> bool:
        fin = self.tampon.find(b"\r\n\r\n")
        if fin < 0:
            return False
        tete = bytes(self.tampon[:fin]).lower()
        self.statut = int(tete[9:12])
        self.fermante = b"\r\nconnection: close" in tete
        longueur = tete.find(b"\r\ncontent-length:")
        if self.statut == 304:
            self.reste = 0
        elif longueur >= 0:
            self.reste = int(tete[longueur + 17 :].split(b"\r\n", 1)[0])
        del self.tampon[: fin + 2 if self.reste is None else fin + 4]
        return True


def charger(
    port: int,
    demandes: Callable[[], bytes] | Callable[[int], bytes],
    *,
    connexions: int,
    secondes: float,
    au_moins: int = 1,
    au_plus: int = 0,
    selon_la_connexion: bool = False,
) -> Charge:
    """Ask for `secondes`, at least `au_moins` times a connection, and `au_plus` times in all when that is given.

    Each connection asks again as soon as it is answered; with `selon_la_connexion`, `demandes` is told which one asks,
    from 0.
    """
    charge = Charge()
    fin = time.perf_counter() + secondes
    parties = 0

    def suivante(connexion: _Connexion) -> bytes:
        return demandes(connexion.rang) if selon_la_connexion else demandes()  # type: ignore[call-arg]

    def encore() -> bool:
        if au_plus and parties >= au_plus:
            return False
        return time.perf_counter() < fin or parties < au_moins * connexions

    with selectors.DefaultSelector() as choix:
        ouvertes = [_Connexion(port, rang) for rang in range(connexions)]
        debut = time.perf_counter()
        for connexion in ouvertes:
            choix.register(connexion.prise, selectors.EVENT_READ, connexion)
            connexion.demander(suivante(connexion))
            parties += 1
        en_cours = connexions
        while en_cours:
            for cle, _ in choix.select(DELAI):
                connexion = cle.data
                if not _lue(choix, connexion, port):
                    continue
                _noter(charge, connexion)
                if encore():
                    _redemander(choix, connexion, port, suivante(connexion))
                    parties += 1
                else:
                    choix.unregister(connexion.prise)
                    connexion.prise.close()
                    en_cours -= 1
        charge.temps = time.perf_counter() - debut
    return charge


def _lue(choix: selectors.BaseSelector, connexion: _Connexion, port: int) -> bool:
    """Whether the answer is whole; asked again elsewhere when it will never be."""
    try:
        return connexion.lire()
    except ConnectionError:
        _rouvrir(choix, connexion, port)
        return False


def _redemander(choix: selectors.BaseSelector, connexion: _Connexion, port: int, demande: bytes) -> None:
    """On the same connection, unless the server has said that it ends it."""
    if connexion.fermante:
        _rouvrir(choix, connexion, port, demande)
    else:
        connexion.demander(demande)


def _noter(charge: Charge, connexion: _Connexion) -> None:
    charge.durees.append(time.perf_counter() - connexion.debut)
    charge.premiers.append(connexion.premier - connexion.debut)
    charge.statuts[connexion.statut] += 1
    charge.octets += connexion.lus


def _rouvrir(choix: selectors.BaseSelector, connexion: _Connexion, port: int, demande: bytes = b"") -> None:
    """Servers end kept connections when they like: ask again on another one, the same thing unless told otherwise."""
    choix.unregister(connexion.prise)
    connexion.prise.close()
    suite = demande or connexion.demande
    connexion.__init__(port, connexion.rang)  # type: ignore[misc]
    choix.register(connexion.prise, selectors.EVENT_READ, connexion)
    connexion.demander(suite)


def a_tour_de_role(demandes: list[bytes]) -> Callable[[], bytes]:
    rang = -1

    def suivante() -> bytes:
        nonlocal rang
        rang += 1
        return demandes[rang % len(demandes)]

    return suivante


@contextmanager
def _une_connexion(port: int) -> Iterator[HTTPConnection]:
    with closing(HTTPConnection("127.0.0.1", port, timeout=DELAI)) as connexion:
        yield connexion


def lire(port: int, adresse: str, entetes: Mapping[str, str] | None = None) -> tuple[HTTPResponse, bytes]:
    """One page, whole, on a connection of its own."""
    with _une_connexion(port) as connexion:
        connexion.request("GET", adresse, headers=dict(entetes or {}))
        reponse = connexion.getresponse()
        return reponse, reponse.read()
