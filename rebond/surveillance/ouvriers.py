"""The queue and its workers, as Valkey knows them. Nothing here raises when it does not answer, and nobody waits for
a worker: each says by itself, every few seconds, that it lives.
"""

from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.conf import settings

if TYPE_CHECKING:
    from collections.abc import Generator

    from redis import Redis

# In seconds: a page or a load balancer waits for it.
DELAI_FILE = 1.0
# In seconds: how often a worker says that it lives, and after how long a silence it is no longer believed to.
RYTHME_OUVRIERS = 5.0
SILENCE_OUVRIERS = 15.0
#: A sorted set: the name of each worker, and the instant of Valkey's own clock at which it last said so.
PRESENCES = "rebond-ouvriers"


@dataclass(frozen=True)
class EtatOuvriers:
    """`vivants` are the names of the workers that live; none is known when the queue is out of reach."""

    file_joignable: bool
    vivants: tuple[str, ...] = ()


def messages_en_attente() -> int | None:
    """Messages in the queues; None when they are out of reach."""
    from redis.exceptions import RedisError  # late: heavy

    with _valkey() as client:
        try:
            longueurs = _ensemble(client, *(("llen", file) for file in settings.FILES_DE_TRAVAUX))
            return sum(int(longueur) for longueur in longueurs)
        except RedisError:
            return None


def etat_des_ouvriers() -> EtatOuvriers:
    """Which workers have said lately that they live."""
    from redis.exceptions import RedisError  # late: heavy

    with _valkey() as client:
        try:
            toutes = ("zrange", PRESENCES, 0, -1, False, True)
            maintenant, presences = _ensemble(client, ("time",), toutes)
        except RedisError:
            return EtatOuvriers(file_joignable=False)
    limite = _secondes(maintenant) - SILENCE_OUVRIERS
    vivants = sorted(nom.decode() for nom, instant in presences if instant >= limite)
    return EtatOuvriers(file_joignable=True, vivants=tuple(vivants))


def dire_present(nom: str) -> None:
    """Called by the worker `nom`, as long as it lives. What has been silent for long is forgotten."""
    from redis.exceptions import RedisError  # late: heavy

    with _valkey() as client:
        try:
            instant = _secondes(client.time())
            _ensemble(
                client,
                ("zadd", PRESENCES, {nom: instant}),
                ("zremrangebyscore", PRESENCES, "-inf", instant - SILENCE_OUVRIERS),
            )
        except RedisError:
            # It will be said again, to a queue that answers.
            return


def dire_parti(nom: str) -> None:
    from redis.exceptions import RedisError  # late: heavy

    with _valkey() as client:
        try:
            client.zrem(PRESENCES, nom)
        except RedisError:
            return


@contextmanager
def _valkey() -> "Generator[Redis]":
    from redis import Redis  # late: heavy
    from redis.backoff import NoBackoff  # late: heavy
    from redis.retry import Retry  # late: heavy

    # One try: several, on a server that is mute, would outlast the patience of whoever asks.
    client = Redis.from_url(
        settings.REDIS_URL,
        socket_timeout=DELAI_FILE,
        socket_connect_timeout=DELAI_FILE,
        retry=Retry(NoBackoff(), 0),
    )
    with closing(client):
        yield client


def _ensemble(client: "Redis", *commandes: tuple[Any, ...]) -> list[Any]:
    """The answers to these, asked for together."""
    envoi = client.pipeline(transaction=False)
    for nom, *arguments in commandes:
        getattr(envoi, nom)(*arguments)
    return envoi.execute()


def _secondes(instant: tuple[int, int]) -> float:
    secondes, microsecondes = instant
    return secondes + microsecondes / 1_000_000
