"""gunicorn's configuration for an application that is not the portal: nothing to watch over."""

from typing import Any

from rebond.gunicorn import *  # noqa: F403


def post_worker_init(worker: Any) -> None:
    pass
