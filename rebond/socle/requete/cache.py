"""The cache: Valkey, and the memory of this process while Valkey does not answer."""

import logging
from collections.abc import Callable
from functools import cached_property
from time import monotonic
from typing import Any

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache

journal = logging.getLogger(__name__)

# Seconds during which a server that did not answer is left alone: nobody else waits for it meanwhile.
PAUSE = 5.0
# The oldest goes when there are more: few enough for a small machine, and more than an outage sees.
ENTREES_MAX = 50_000
# By server, the instant of `monotonic` before which it is not asked again; whatever the thread.
_reprises: dict[str, float] = {}


def _ou_de_memoire(nom: str) -> Callable[..., Any]:
    def methode(self: "CacheDeSecours", *arguments: Any, **options: Any) -> Any:
        from redis.exceptions import RedisError  # late: heavy

        if monotonic() >= _reprises.get(self.serveur, 0.0):
            try:
                return getattr(RedisCache, nom)(self, *arguments, **options)
            except (RedisError, OSError) as panne:
                _reprises[self.serveur] = monotonic() + PAUSE
                journal.warning("Valkey ne répond pas (%s) : la mémoire de ce processus prend le relais.", panne)
        return getattr(self.memoire, nom)(*arguments, **options)

    methode.__name__ = nom
    return methode


class CacheDeSecours(RedisCache):
    """Django's cache on Redis or Valkey, which never raises for want of a server.

    What counts attempts goes on counting without it, in each process by itself: with so many processes, so many times
    the limit at most. Nothing is carried from one to the other.
    """

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self.serveur = server
        options = {"MAX_ENTRIES": ENTREES_MAX, "CULL_FREQUENCY": 10}
        self.memoire = LocMemCache(f"secours-{server}", {**params, "OPTIONS": options})

    @cached_property
    def _cache(self) -> Any:
        from redis.backoff import NoBackoff  # late: heavy
        from redis.retry import Retry  # late: heavy

        # One try more, for a connection that the server has closed since.
        essais = Retry(NoBackoff(), 1)
        return self._class(self._servers, retry=essais, **self._options)  # type: ignore[attr-defined]

    add = _ou_de_memoire("add")
    get = _ou_de_memoire("get")
    set = _ou_de_memoire("set")
    touch = _ou_de_memoire("touch")
    delete = _ou_de_memoire("delete")
    get_many = _ou_de_memoire("get_many")
    set_many = _ou_de_memoire("set_many")
    delete_many = _ou_de_memoire("delete_many")
    has_key = _ou_de_memoire("has_key")
    incr = _ou_de_memoire("incr")
    clear = _ou_de_memoire("clear")
