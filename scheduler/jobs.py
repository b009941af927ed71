"""Ticks. A tick only wakes the work up; what there is to do comes from the database each time.

APScheduler keeps its jobs in memory and gets interval jobs only: a job store would run a job twice on two
replicas, drop late ones, and lose a job whose function is renamed.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.store import housekeeping
from models.store.database import Database

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[None]]


class Ticker:
    """Runs jobs at intervals, one run of a job at a time."""

    def __init__(self) -> None:
        """Prepare; nothing ticks before `start`."""
        self._scheduler = AsyncIOScheduler(
            timezone="UTC", job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1}
        )

    def every(self, interval: timedelta, name: str, job: Job) -> None:
        """Run `job` every `interval`; one that fails is logged and runs again at its next tick."""
        self._scheduler.add_job(_guarded, "interval", (name, job), seconds=interval.total_seconds(), id=name)

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)


async def _guarded(name: str, job: Job) -> None:
    try:
        await job()
    except Exception as error:
        log.exception("job_failed", job=name, error=type(error).__name__)


def tidy(database: Database) -> Job:
    """Return the job that deletes what has served its time."""

    async def run() -> None:
        async with database.transaction() as session:
            gone = await housekeeping.tidy(session)
        log.info("tidied", **gone)

    return run
