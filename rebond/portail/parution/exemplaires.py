"""What this process keeps of public pages: the bytes that it sent, until something may have changed."""

import gzip
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from threading import Lock

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.utils.cache import patch_vary_headers
from django.utils.http import parse_etags

from rebond.socle.parution.version import Version

# Its address, and whether it was asked by TLS: as many as there are public pages, twice at most.
Cle = tuple[str, bool]
#: What an answer without a body keeps of the page's (RFC 9110, 15.4.5), beside what guards the browser.
SANS_CORPS = frozenset({"Content-Type", "Content-Disposition", "Content-Length", "Content-Encoding"})

NUL = re.compile(r"q=0(\.0*)?")


@dataclass(frozen=True, slots=True)
class Variante:
    """One way of sending it; `corps` as it leaves, from which `etag` is made, and from nothing else."""

    corps: bytes
    etag: str
    entetes: dict[str, str]

    @classmethod
    def de(cls, corps: bytes, entetes: dict[str, str], **propres: str) -> "Variante":
        etag = f'"{sha256(corps).hexdigest()[:32]}"'
        return cls(corps, etag, entetes | propres | {"ETag": etag, "Content-Length": str(len(corps))})


@dataclass(frozen=True, slots=True)
class Page:
    """A page as everyone gets it."""

    tel_quel: Variante
    comprime: Variante

    @classmethod
    def de(cls, reponse: HttpResponse) -> "Page":
        patch_vary_headers(reponse, ["Accept-Encoding"])
        entetes = dict(reponse.headers)
        return cls(
            Variante.de(reponse.content, entetes),
            # No date in it: the same page gives the same bytes, whichever process compresses it.
            Variante.de(gzip.compress(reponse.content, 9, mtime=0), entetes, **{"Content-Encoding": "gzip"}),
        )

    def pour(self, request: HttpRequest) -> HttpResponse:
        """The page, or 304 for whoever has it already."""
        variante = self.comprime if _accepte_gzip(request) else self.tel_quel
        connus = request.META.get("HTTP_IF_NONE_MATCH")
        if connus and _en_main(connus, variante.etag):
            reponse: HttpResponse = HttpResponseNotModified()
            entetes = {nom: valeur for nom, valeur in variante.entetes.items() if nom not in SANS_CORPS}
        else:
            # Nothing follows the headers of a HEAD, which are those of the page.
            reponse = HttpResponse(variante.corps if request.method == "GET" else b"")
            entetes = variante.entetes
        for nom, valeur in entetes.items():
            reponse.headers[nom] = valeur
        return reponse


def _en_main(connus: str, etag: str) -> bool:
    """Weak comparison (RFC 9110, 13.1.2): a proxy between may have weakened it."""
    return any(connu in ("*", etag) for connu in (lu.removeprefix("W/") for lu in parse_etags(connus)))


def _accepte_gzip(request: HttpRequest) -> bool:
    """What is said of it by its name counts before what is said of all (RFC 9110, 12.5.3)."""
    poids = {}
    for offre in request.META.get("HTTP_ACCEPT_ENCODING", "").split(","):
        nom, _, dit = offre.partition(";")
        poids[nom.strip().lower()] = dit.replace(" ", "").lower()
    dit = poids.get("gzip", poids.get("*", "q=0"))
    return NUL.fullmatch(dit) is None


@dataclass(frozen=True, slots=True)
class _Exemplaire:
    """True while the version is the same and the database's clock is between both instants: set back, it would show
    what an embargo still holds.
    """

    page: Page
    version: str
    depuis: datetime
    jusqu_a: datetime


_gardes: dict[Cle, _Exemplaire] = {}
_verrous: dict[Cle, Lock] = {}


def garde(cle: Cle, lue: Version) -> Page | None:
    """What is kept of a page, if it still says what is published."""
    exemplaire = _gardes.get(cle)
    if exemplaire is None or exemplaire.version != lue.cle:
        return None
    return exemplaire.page if exemplaire.depuis <= lue.instant < exemplaire.jusqu_a else None


def garder(cle: Cle, page: Page, lue: Version, jusqu_a: datetime) -> None:
    """`lue` is the version before the page was read."""
    _gardes[cle] = _Exemplaire(page, lue.cle, lue.instant, jusqu_a)


def vider() -> None:
    _gardes.clear()


@contextmanager
def un_seul_le_fait(cle: Cle) -> Iterator[None]:
    """The others wait for the page that one of them makes."""
    with _verrous.setdefault(cle, Lock()):
        yield
