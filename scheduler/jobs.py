"""Ticks. A tick only wakes the work up; what there is to do comes from the database each time.

APScheduler keeps its jobs in memory and gets interval jobs only: a job store would run a job twice on two
replicas, drop late ones, and lose a job whose function is renamed.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import structlog
from apscheduler.executors.asyncio import AsyncIOExecutor
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from models.store import housekeeping
from models.store.database import Database
from scheduler.watchdog import GRACE, LOOK_EVERY, Watchdog

log = structlog.get_logger(__name__)

Job = Callable[[], Awaitable[None]]


class _Executor(AsyncIOExecutor):  # type: ignore[misc]
    """Leaves the jobs that run when the process ends, and those that have not begun, without calling that an error."""

    def _run_job_error(self, job_id: str, exc: BaseException, traceback: object = None) -> None:
        if not isinstance(exc, asyncio.CancelledError):
            super()._run_job_error(job_id, exc, traceback)


class Ticker:
    """Runs jobs at intervals, one run of a job at a time, and watches that they run."""

    def __init__(self, *, grace: float = GRACE, look_every: float = LOOK_EVERY) -> None:
        """Prepare; nothing ticks before `start`. Both times, in seconds, are the watchdog's."""
        self._scheduler = AsyncIOScheduler(
            timezone="UTC",
            executors={"default": _Executor()},
            job_defaults={"coalesce": True, "misfire_grace_time": None, "max_instances": 1},
        )
        self._look_every = look_every
        self._watching: asyncio.Task[None] | None = None
        self.watchdog = Watchdog(self._wake, grace=grace)

    def every(self, interval: timedelta, name: str, job: Job, longest: timedelta | None = None) -> None:
        """Run `job` every `interval`; one that fails is logged and runs again at its next tick.

        A run that takes longer than `longest` (if not said, about three intervals) is reported.
        """
        self.watchdog.expect(name, interval, longest)
        self._scheduler.add_job(self._guarded, "interval", (name, job), seconds=interval.total_seconds(), id=name)

    def start(self) -> None:
        """Begin to tick, in the running event loop."""
        self._scheduler.start()
        self.watchdog.begin()
        self._watching = asyncio.get_running_loop().create_task(self.watchdog.watch(self._look_every))

    def stop(self) -> None:
        """Tick no more."""
        if self._watching is not None:
            self._watching.cancel()
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    async def _guarded(self, name: str, job: Job) -> None:
        self.watchdog.begun(name)
        try:
            await job()
        except asyncio.CancelledError:
            if self._scheduler.running:
                raise
            log.info("job_left", job=name)  # the process ends: what there is to do is still there afterwards
        except Exception as error:
            log.exception("job_failed", job=name, error=type(error).__name__)
            self.watchdog.failed(name)
        else:
            self.watchdog.succeeded(name)

    def _wake(self) -> None:
        """Run now what the scheduler would let wait for more than an interval: the wall clock was set back."""
        now = datetime.now(UTC)  # the clock that the scheduler itself plans by
        for job in self._scheduler.get_jobs():
            if job.next_run_time - now > job.trigger.interval:
                job.modify(next_run_time=now)
        self._scheduler.wakeup()


def tidy(database: Database) -> Job:
    """Return the job that deletes what has served its time."""

    async def run() -> None:
        async with database.transaction() as session:
            gone = await housekeeping.tidy(session)
        log.info("tidied", **gone)

    return run
