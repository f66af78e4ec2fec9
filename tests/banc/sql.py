"""What a page asks of the database: counted in this process, then asked again without the portal."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db import connection
from django.test import Client

from tests.banc.service.pesees import processeur
from tests.outils.connexion import decrire_la_seance

LECTURES = ("SELECT", "WITH")
PASSES = 5


@dataclass
class Observation:
    """`statut` of the answer, and its statements with their values, in order."""

    statut: int = 0
    octets: int = 0
    instructions: list[tuple[str, Any]] = field(default_factory=list)

    @property
    def nombre(self) -> int:
        return len(self.instructions)


@contextmanager
def noter() -> Iterator[list[tuple[str, Any]]]:
    """The statements that this connection runs meanwhile."""
    vues: list[tuple[str, Any]] = []

    def entendre(execute: Callable, sql: str, valeurs: Any, lot: bool, contexte: Any) -> Any:
        vues.append((sql, valeurs))
        return execute(sql, valeurs, lot, contexte)

    with connection.execute_wrapper(entendre):
        yield vues


class Lecteur:
    """Somebody in front of the portal of this very process: for statements, never for times."""

    def __init__(self, personne: Any = None) -> None:
        # Each client makes a WhiteNoise of its own, which would look at every static file.
        settings.WHITENOISE_AUTOREFRESH = True
        self.client = Client(HTTP_HOST="127.0.0.1")
        if personne is not None:
            self.client.force_login(personne)
            decrire_la_seance(self.client, personne)

    def observer(self, adresse: str, donnees: dict[str, Any] | None = None) -> Observation:
        """A page that was already asked once: what only the first one pays is not counted."""
        if donnees is None:
            self._demander(adresse, None)
        return self._demander(adresse, donnees)

    def _demander(self, adresse: str, donnees: dict[str, Any] | None) -> Observation:
        with noter() as vues:
            reponse = self.client.get(adresse) if donnees is None else self.client.post(adresse, donnees)
            octets = len(reponse.getvalue())
        return Observation(reponse.status_code, octets, vues)


def blocs(instructions: list[tuple[str, Any]]) -> int:
    """Blocks of 8 kB that PostgreSQL reads for the same statements, from memory or from the disk: a cost that nothing
    else on the machine changes."""
    lus = 0
    for sql, valeurs in _lectures(instructions):
        with connection.cursor() as curseur:
            curseur.execute(f"EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) {sql}", valeurs)
            plan = curseur.fetchone()[0]
        racine = (json.loads(plan) if isinstance(plan, str) else plan)[0]["Plan"]
        lus += racine["Shared Hit Blocks"] + racine["Shared Read Blocks"]
    return lus


def processeur_ms(instructions: list[tuple[str, Any]], *, passes: int = PASSES) -> float:
    """Milliseconds of processor that the server spends on the same reads, at some ten of them near: what else the
    machine does makes others wait, and hardly changes this."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT pg_backend_pid()")
        (serveur,) = curseur.fetchone()
        debut = processeur(serveur)
        for sql, valeurs in _lectures(instructions) * passes:
            curseur.execute(sql, valeurs)
            curseur.fetchall()
        return 1000 * (processeur(serveur) - debut) / passes


def _lectures(instructions: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    return [une for une in instructions if une[0].lstrip("( \n").upper().startswith(LECTURES)]


def rejouer(instructions: list[tuple[str, Any]], *, passes: int = PASSES) -> float:
    """Milliseconds of the same reads, one after the other, by psycopg alone: the median of `passes`."""
    lues = _lectures(instructions)
    durees = []
    with closing(connection.get_new_connection(connection.get_connection_params())) as nue:
        nue.autocommit = True
        for _ in range(passes):
            debut = time.perf_counter()
            for sql, valeurs in lues:
                with nue.cursor() as curseur:
                    curseur.execute(sql, valeurs)
                    curseur.fetchall()
            durees.append(time.perf_counter() - debut)
    return 1000 * statistics.median(durees)
