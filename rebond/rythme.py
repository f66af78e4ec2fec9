"""Beat, without a memory on disk."""

from pathlib import Path
from typing import Any

from celery.beat import Scheduler


class Rythme(Scheduler):
    """Celery's scheduler in memory: its usual one keeps a pickle, to remember ticks that here change nothing.

    The file of `--schedule` is touched at each tick: health checks read its age.
    """

    def __init__(self, *args: Any, schedule_filename: str | None = None, **kwargs: Any) -> None:
        self.temoin = Path(schedule_filename) if schedule_filename else None
        super().__init__(*args, **kwargs)

    def tick(self, *args: Any, **kwargs: Any) -> Any:
        if self.temoin:
            self.temoin.touch()
        return super().tick(*args, **kwargs)
