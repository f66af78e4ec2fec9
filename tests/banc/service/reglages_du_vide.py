"""The same, for a project that is not Rebond: nothing of what Rebond starts in its processes."""

from typing import Any

from tests.banc.service.reglages_du_portail import *  # noqa: F403


def post_worker_init(worker: Any) -> None:
    """Nothing to begin with."""
