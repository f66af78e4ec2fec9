"""As much of HTTP/1.1 as the clients need, with the instant at which each byte was handed to the kernel."""

import asyncio
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Self

DELAI = 180.0


class SansReponse(Exception):
    """The connection ended before the answer did."""


@dataclass(frozen=True)
class Remise:
    """The last byte of a request was handed to the kernel between these instants (this machine's clock, seconds)."""

    avant: float
    apres: float


@dataclass(frozen=True)
class Reponse:
    statut: int
    entetes: Mapping[str, str]
    corps: str


class Connexion:
    def __init__(self, lecteur: asyncio.StreamReader, ecrivain: asyncio.StreamWriter) -> None:
        self._lecteur, self._ecrivain = lecteur, ecrivain

    @classmethod
    @asynccontextmanager
    async def ouverte(cls, port: int) -> AsyncIterator[Self]:
        try:
            connexion = cls(*await asyncio.open_connection("127.0.0.1", port))
        except OSError as panne:
            raise SansReponse(f"connexion : {panne}") from panne
        try:
            yield connexion
        finally:
            with suppress(OSError):
                connexion._ecrivain.close()

    async def ecrire(self, octets: bytes) -> Remise:
        avant = time.time()
        self._ecrivain.write(octets)
        # Small writes go to the kernel at once: nothing is left to wait for.
        try:
            await self._ecrivain.drain()
        except OSError as panne:
            raise SansReponse(f"envoi : {panne}") from panne
        return Remise(avant, time.time())

    async def lire(self) -> Reponse:
        try:
            async with asyncio.timeout(DELAI):
                return await self._lire()
        except (OSError, EOFError, TimeoutError) as panne:
            raise SansReponse(f"réponse : {panne!r}") from panne

    async def _lire(self) -> Reponse:
        tete = (await self._lecteur.readuntil(b"\r\n\r\n")).decode("latin-1")
        premiere, *lignes = tete.strip().split("\r\n")
        entetes = {nom.lower(): valeur.strip() for nom, _, valeur in (ligne.partition(":") for ligne in lignes)}
        if entetes.get("transfer-encoding") == "chunked":
            corps = await self._morceaux()
        elif "content-length" in entetes:
            corps = await self._lecteur.readexactly(int(entetes["content-length"]))
        else:
            corps = await self._lecteur.read()
        return Reponse(int(premiere.split()[1]), entetes, corps.decode())

    async def _morceaux(self) -> bytes:
        corps = b""
        while taille := int(await self._lecteur.readline(), 16):
            corps += await self._lecteur.readexactly(taille)
            await self._lecteur.readline()
        await self._lecteur.readline()
        return corps
