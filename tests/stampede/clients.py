"""The territories: each one sends its small last request in its own way, and notes what it was told."""

import asyncio
import random
import re
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlencode
from uuid import uuid4

from tests.stampede.http import Connexion, Remise, Reponse, SansReponse

ESSAIS = 3
# How long before the request a connection is opened to be used again: gunicorn closes it after five seconds.
AVANCE = 3.0
JETON = "c" * 32
NUMERO = re.compile(r"Dépôt n°\s*<strong>([^<]+)</strong>")


class Maniere(StrEnum):
    SIMPLE = "connexion neuve"
    GARDEE = "connexion ouverte d’avance"
    LENTE = "premiers octets avant, dernier après"
    DOUBLE = "double clic"
    ABANDON = "réponse non lue, puis renvoi"


# LENTE is drawn apart: it only makes sense after the deadline.
POIDS = {Maniere.SIMPLE: 60, Maniere.GARDEE: 15, Maniere.DOUBLE: 15, Maniere.ABANDON: 10}
LENTES = 0.1


@dataclass
class Client:
    """One file, its porteur's session, one key. What was sent and answered is noted in the lists."""

    candidature: int
    session: str
    port: int
    maniere: Maniere = Maniere.SIMPLE
    cle: str = field(default_factory=lambda: str(uuid4()))
    remises: list[Remise] = field(default_factory=list)
    statuts: list[int] = field(default_factory=list)
    numeros: list[str] = field(default_factory=list)
    durees: list[float] = field(default_factory=list)
    erreurs: list[str] = field(default_factory=list)

    @property
    def avant(self) -> float:
        """From this instant on, bytes of the request were still here."""
        return min(remise.avant for remise in self.remises)

    @property
    def apres(self) -> float:
        """At this instant, the kernel had it all."""
        return max(remise.apres for remise in self.remises)

    @property
    def depose(self) -> bool:
        return bool(self.numeros)

    def requete(self) -> bytes:
        corps = urlencode({"csrfmiddlewaretoken": JETON, "cle": self.cle}).encode()
        tete = self._tete("POST", f"/candidatures/{self.candidature}/deposer/")
        type_ = "Content-Type: application/x-www-form-urlencoded\r\n"
        return f"{tete}{type_}Content-Length: {len(corps)}\r\n\r\n".encode() + corps

    async def deposer(self) -> None:
        await self._jusqu_a_une_reponse(self._envoyer)

    async def deposer_a(self, instant: float, echeance: float) -> None:
        """Be done with the request at `instant`, in this client's way, and hear the answer out."""
        match self.maniere:
            case Maniere.SIMPLE:
                await dormir_jusqu_a(instant)
                await self.deposer()
            case Maniere.DOUBLE:
                await dormir_jusqu_a(instant)
                await asyncio.gather(self.deposer(), self.deposer())
            case Maniere.ABANDON:
                await dormir_jusqu_a(instant)
                with suppress(SansReponse):
                    await self._abandonner()
                await self.deposer()
            case Maniere.GARDEE:
                await self._depuis_une_connexion_gardee(instant)
            case Maniere.LENTE:
                await self._en_deux_fois(instant, echeance)

    async def _envoyer(self) -> None:
        async with Connexion.ouverte(self.port) as connexion:
            await self._echanger(connexion, self.requete())

    async def _abandonner(self) -> None:
        async with Connexion.ouverte(self.port) as connexion:
            self.remises.append(await connexion.ecrire(self.requete()))
        await asyncio.sleep(0.02)

    async def _depuis_une_connexion_gardee(self, instant: float) -> None:
        await dormir_jusqu_a(instant - AVANCE)
        try:
            async with Connexion.ouverte(self.port) as connexion:
                await connexion.ecrire(f"{self._tete('GET', '/sante/')}\r\n".encode())
                await connexion.lire()
                await dormir_jusqu_a(instant)
                await self._echanger(connexion, self.requete())
        except SansReponse:
            # The server had closed it meanwhile; a browser opens another one, when its user clicks.
            await dormir_jusqu_a(instant)
            await self.deposer()

    async def _en_deux_fois(self, instant: float, echeance: float) -> None:
        await dormir_jusqu_a(echeance - 0.2)
        octets = self.requete()
        try:
            async with Connexion.ouverte(self.port) as connexion:
                await connexion.ecrire(octets[:-1])
                await dormir_jusqu_a(instant)
                await self._echanger(connexion, octets[-1:])
        except SansReponse:
            await dormir_jusqu_a(instant)
            await self.deposer()

    async def _echanger(self, connexion: Connexion, octets: bytes) -> None:
        remise = await connexion.ecrire(octets)
        self.remises.append(remise)
        reponse = await connexion.lire()
        self.durees.append(time.time() - remise.apres)
        self.statuts.append(reponse.statut)
        if reponse.statut == 302:
            await self._jusqu_a_une_reponse(lambda: self._lire_l_accuse(reponse))
        elif reponse.statut != 409:
            self.erreurs.append(f"réponse {reponse.statut}")

    async def _lire_l_accuse(self, reponse: Reponse) -> None:
        """The proof that « déposé » was said: the number that the page shows."""
        async with Connexion.ouverte(self.port) as connexion:
            await connexion.ecrire(f"{self._tete('GET', reponse.entetes['location'])}\r\n".encode())
            page = await connexion.lire()
        trouve = NUMERO.search(page.corps)
        if page.statut != 200 or trouve is None:
            self.erreurs.append(f"accusé : réponse {page.statut}")
        else:
            self.numeros.append(trouve[1])

    async def _jusqu_a_une_reponse(self, faire: Callable[[], Awaitable[None]]) -> None:
        for essai in range(ESSAIS):
            try:
                return await faire()
            except SansReponse as panne:
                if essai == ESSAIS - 1:
                    self.erreurs.append(str(panne))
                await asyncio.sleep(0.1)
        return None

    def _tete(self, methode: str, chemin: str) -> str:
        return (
            f"{methode} {chemin} HTTP/1.1\r\nHost: 127.0.0.1:{self.port}\r\n"
            f"Cookie: sessionid={self.session}; csrftoken={JETON}\r\n"
        )


async def dormir_jusqu_a(instant: float) -> None:
    await asyncio.sleep(max(0.0, instant - time.time()))


async def saturer(clients: list[Client], tours: int, *, reecrire: Callable[[], Awaitable[None]]) -> float:
    """Deposits (receipt read) per second, when all of `clients` deposit at once, `tours` times.

    `reecrire` gives each file another content before each time, and is not counted.
    """

    async def deposer(client: Client) -> None:
        client.cle = str(uuid4())
        await client.deposer()

    # What each process loads once is not part of its capacity.
    await asyncio.gather(*map(deposer, clients))
    duree = 0.0
    for _ in range(tours):
        await reecrire()
        debut = time.monotonic()
        await asyncio.gather(*map(deposer, clients))
        duree += time.monotonic() - debut
    return len(clients) * tours / duree


async def se_ruer(clients: list[Client], *, echeance: float, duree: float, hasard: random.Random) -> None:
    """All of them within `duree` seconds, half before and half after `echeance`, in an order drawn by `hasard`."""
    pas = duree / len(clients)
    instants = [echeance - duree / 2 + pas * (rang + 0.5) for rang in range(len(clients))]
    hasard.shuffle(instants)
    for client, instant in zip(clients, instants, strict=True):
        lente = instant > echeance and hasard.random() < LENTES
        client.maniere = Maniere.LENTE if lente else hasard.choices(list(POIDS), list(POIDS.values()))[0]
    await asyncio.gather(
        *(client.deposer_a(instant, echeance) for client, instant in zip(clients, instants, strict=True))
    )
