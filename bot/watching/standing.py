"""How things stand: asked of the parts that know, and of the database at most every few seconds."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.telegram.service import Health
from models.store import queue
from models.store.database import Database
from models.store.queue import Queue
from scheduler.messenger import Fate
from scheduler.watchdog import Watchdog, Why

KEPT = 5.0
"""Seconds for which the database's answer is good, however often somebody asks."""
PATIENCE = 2.0
"""Seconds that the database has to answer."""
LONGEST_LAG = 600.0
"""Seconds by which a message may be late before that is bad (convention)."""


class Phase(StrEnum):
    """How far the process is."""

    STARTING = "starting"
    RUNNING = "running"
    STOPPING = "stopping"


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand now.

    Attributes:
        service: what the Telegram side knows.
        database: the class name of what is wrong, or `None`.
        queue: what waits, if the database tells.
        ages: how many seconds ago each job last succeeded.
        stalled: the jobs that do not tick, and why.
        fates: what came of what the bot said on its own.
    """

    phase: Phase
    service: Health
    database: str | None
    queue: Queue | None
    ages: Mapping[str, float]
    stalled: Mapping[str, Why]
    fates: Mapping[Fate, int]

    @property
    def is_late(self) -> bool:
        """Whether a message has waited for too long."""
        return self.queue is not None and self.queue.lag > LONGEST_LAG

    @property
    def is_good(self) -> bool:
        """Whether all is well."""
        well = self.service.telegram is None and self.database is None
        return self.phase is Phase.RUNNING and well and not self.stalled and not self.is_late

    def as_json(self) -> dict[str, Any]:
        """Return what `/healthz` says."""
        return {
            "good": self.is_good,
            "phase": self.phase,
            "telegram": self.service.telegram or "ok",
            "database": self.database or "ok",
            "ticks": {name: {"age": round(age, 1), "stalled": self.stalled.get(name)} for name, age in self._aged()},
            "lag": round(self.queue.lag, 1) if self.queue is not None else None,
        }

    def _aged(self) -> list[tuple[str, float]]:
        return sorted(self.ages.items())


class Watch:
    """Knows how the application stands.

    Attributes:
        phase: set by whoever starts and stops it.
    """

    def __init__(
        self,
        database: Database,
        health: Callable[[], Health],
        watchdog: Watchdog,
        fates: Counter[Fate],
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Ask these parts; `clock` tells seconds and never goes back."""
        self.phase = Phase.STARTING
        self._database = database
        self._health = health
        self._watchdog = watchdog
        self._fates = fates
        self._clock = clock
        self._one_asks = asyncio.Lock()
        self._asked_at = -KEPT
        self._queue: Queue | None = None
        self._problem: str | None = None

    async def standing(self) -> Standing:
        """Return how things stand."""
        async with self._one_asks:
            if self._clock() - self._asked_at >= KEPT:
                await self._ask()
        service = self._health()
        ages, stalled = (self._watchdog.ages(), self._watchdog.stalled()) if self.phase is Phase.RUNNING else ({}, {})
        problem = service.database or self._problem
        return Standing(self.phase, service, problem, self._queue, ages, stalled, dict(self._fates))

    async def _ask(self) -> None:
        try:
            async with asyncio.timeout(PATIENCE), self._database.reading() as session:
                self._queue = await queue.standing(session)
            self._problem = None
        except Exception as error:
            self._queue, self._problem = None, type(error).__name__
        self._asked_at = self._clock()
