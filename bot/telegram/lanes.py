"""One chat in order, chats side by side, and no chat in the way of another.

Each key (a chat) has a lane of jobs that run one after another. At most `side_by_side` lanes run at once; a
lane that has run one job goes to the back of the queue, so that a chat that floods waits like any other.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

Job = Callable[[], Awaitable["asyncio.Future[object] | None"]]
"""A job may return a future: its lane stays shut until that is done, without taking up a place."""


class Lanes:
    """Runs jobs by lane."""

    def __init__(
        self,
        side_by_side: int = 64,
        *,
        longest_hold: float = 5.0,
        on_error: Callable[[BaseException], None] | None = None,
    ) -> None:
        """Run at most `side_by_side` lanes at once; a job's future keeps its lane for `longest_hold` seconds.

        `on_error` is told of an exception that a job let through; the lane goes on.
        """
        self._side_by_side = side_by_side
        self._longest_hold = longest_hold
        self._on_error = on_error
        self._lanes: dict[int, deque[Job]] = {}
        self._ready: deque[int] = deque()
        self._workers: set[asyncio.Task[None]] = set()
        self._working = 0
        self._empty = asyncio.Event()
        self._empty.set()

    def submit(self, key: int, job: Job) -> None:
        """Put `job` at the end of lane `key`."""
        self._empty.clear()
        lane = self._lanes.get(key)
        if lane is not None:
            lane.append(job)
            return
        self._lanes[key] = deque((job,))
        self._admit(key)

    def waiting(self, key: int) -> int:
        """Return how many jobs of lane `key` are running or waiting."""
        return len(self._lanes.get(key, ()))

    def total(self) -> int:
        """Return how many jobs are running or waiting."""
        return sum(len(lane) for lane in self._lanes.values())

    async def idle(self) -> None:
        """Wait until every job is done."""
        await self._empty.wait()

    async def close(self, grace: float) -> bool:
        """Let the jobs finish for `grace` seconds, cancel what is left; return whether all had finished."""
        try:
            async with asyncio.timeout(grace):
                await self.idle()
        except TimeoutError:
            await self._cancel()
            return False
        return True

    async def _cancel(self) -> None:
        self._lanes.clear()
        self._ready.clear()
        workers = list(self._workers)
        for worker in workers:
            worker.cancel()
        await asyncio.gather(*workers, return_exceptions=True)
        self._empty.set()

    def _admit(self, key: int) -> None:
        self._ready.append(key)
        if self._working < self._side_by_side:
            self._working += 1
            worker = asyncio.get_running_loop().create_task(self._work())
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)

    async def _work(self) -> None:
        try:
            while self._ready:
                key = self._ready.popleft()
                hold = await self._run(self._lanes[key][0])
                if hold is not None and not hold.done():
                    self._hold(key, hold)
                elif self._finish(key):
                    self._ready.append(key)
                # Whoever was woken by the end of this job (for a database connection) goes before the next one.
                await asyncio.sleep(0)
        finally:
            self._working -= 1

    async def _run(self, job: Job) -> asyncio.Future[object] | None:
        try:
            return await job()
        except Exception as error:
            if self._on_error is not None:
                self._on_error(error)
            return None

    def _finish(self, key: int) -> bool:
        lane = self._lanes.get(key)
        if lane is None:
            return False
        lane.popleft()
        if lane:
            return True
        del self._lanes[key]
        if not self._lanes:
            self._empty.set()
        return False

    def _hold(self, key: int, until: asyncio.Future[object]) -> None:
        released = False

        def release(_: object = None) -> None:
            nonlocal released
            if released:
                return
            released = True
            timer.cancel()
            if self._finish(key):
                self._admit(key)

        timer = asyncio.get_running_loop().call_later(self._longest_hold, release)
        until.add_done_callback(release)
