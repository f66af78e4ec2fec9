"""gunicorn's settings of production, without the replacement of processes that have served much: it would hide what
they keep, and stop a measure for the seconds that another one takes to start."""

from rebond.gunicorn import *  # noqa: F403 (every setting, those of tomorrow too)

max_requests = 0
