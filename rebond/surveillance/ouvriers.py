"""The queue and its workers, as they answer now. Nothing here raises when they do not."""

from contextlib import closing
from dataclasses import dataclass

from celery import current_app
from django.conf import settings
from kombu.exceptions import OperationalError
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry

# In seconds: a page or a load balancer waits for it.
DELAI_FILE = 1.0
DELAI_OUVRIERS = 0.5


@dataclass(frozen=True)
class EtatOuvriers:
    """`vivants` are the names of the workers that answered; none is known when the queue is out of reach."""

    file_joignable: bool
    vivants: tuple[str, ...] = ()


def messages_en_attente() -> int | None:
    """Messages in the queue; None when it is out of reach."""
    # One try: several, on a server that is mute, would outlast the patience of whoever asks.
    essai_unique = Retry(NoBackoff(), 0)
    client = Redis.from_url(
        settings.REDIS_URL, socket_timeout=DELAI_FILE, socket_connect_timeout=DELAI_FILE, retry=essai_unique
    )
    with closing(client):
        try:
            return client.llen("celery")
        except RedisError:
            return None


def etat_des_ouvriers() -> EtatOuvriers:
    """Ask every worker for a sign of life, for half a second."""
    if messages_en_attente() is None:
        return EtatOuvriers(file_joignable=False)
    try:
        reponses = current_app.control.inspect(timeout=DELAI_OUVRIERS).ping() or {}
    except (OperationalError, RedisError, OSError):
        return EtatOuvriers(file_joignable=False)
    return EtatOuvriers(file_joignable=True, vivants=tuple(sorted(reponses)))
