from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

import pytest
from django.db import connections

from tests.concurrence.attente import ENSEMBLE


@pytest.fixture
def ailleurs() -> Iterator[Callable[..., Future]]:
    """`ailleurs(fonction)` runs it in a thread that has its own connection, and returns a Future."""
    with ThreadPoolExecutor(max_workers=ENSEMBLE) as fils:

        def lancer(fonction: Callable, **arguments) -> Future:
            def executer():
                try:
                    return fonction(**arguments)
                finally:
                    connections.close_all()

            return fils.submit(executer)

        yield lancer
