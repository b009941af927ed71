"""Notices a tick that does not come, by a clock that nobody sets.

The scheduler plans by the wall clock: set back by two hours, it sleeps for two hours. A job may also hang, or fail each
time. The watchdog looks every few seconds, by the monotonic clock alone; what it finds it says once, loudly, and it
wakes a scheduler that sleeps too long. A job that hangs can't be run beside itself, so that is only said.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

import structlog

log = structlog.get_logger(__name__)

LOOK_EVERY = 5.0
GRACE = 10.0
"""Seconds that a tick may be late beyond `MISSED` intervals, and that the event loop may be held up."""
MISSED = 3


class Why(StrEnum):
    """What is wrong with a tick."""

    LATE = "late"
    """It does not begin."""
    HANGS = "hangs"
    """It began and does not end."""
    FAILS = "fails"
    """It fails each time."""


@dataclass(slots=True)
class Pulse:
    """How a job does; moments are seconds of the monotonic clock.

    Attributes:
        limit: it has to succeed so often, in seconds.
        longest: a run may take so long, in seconds.
        beat: when it last succeeded, or when the watch began.
        began: when the run that is under way began.
        ended: when the last run ended, well or badly.
        failures: how often it failed since it last succeeded.
        stalled: what was found and said.
    """

    limit: float
    longest: float
    beat: float
    ended: float
    began: float | None = None
    failures: int = 0
    stalled: Why | None = None

    def trouble(self, now: float) -> Why | None:
        """Return what is wrong at `now`."""
        if self.began is not None:
            return Why.HANGS if now - self.began > self.longest else self.stalled
        if now - self.ended > self.limit:
            return Why.LATE
        return Why.FAILS if self.failures >= MISSED and now - self.beat > self.limit else None


class Watchdog:
    """Watches ticks."""

    def __init__(
        self, wake: Callable[[], None], clock: Callable[[], float] = time.monotonic, grace: float = GRACE
    ) -> None:
        """Call `wake` when a tick does not begin; `clock` tells seconds and never goes back."""
        self._wake = wake
        self._clock = clock
        self._grace = grace
        self._pulses: dict[str, Pulse] = {}

    def expect(self, name: str, interval: timedelta, longest: timedelta | None = None) -> None:
        """Expect a job every `interval`, a run of which takes at most `longest` (if not said, three intervals)."""
        limit = MISSED * interval.total_seconds() + self._grace
        now = self._clock()
        self._pulses[name] = Pulse(limit, longest.total_seconds() if longest else limit, now, now)

    def begin(self) -> None:
        """Begin to watch: nothing was missed yet."""
        now = self._clock()
        for pulse in self._pulses.values():
            pulse.beat = pulse.ended = now

    def begun(self, name: str) -> None:
        """Note that a run of a job begins."""
        self._pulses[name].began = self._clock()

    def failed(self, name: str) -> None:
        """Note that a run of a job ended badly."""
        pulse = self._pulses[name]
        pulse.began, pulse.ended = None, self._clock()
        pulse.failures += 1

    def succeeded(self, name: str) -> None:
        """Note that a run of a job ended well."""
        pulse, now = self._pulses[name], self._clock()
        if pulse.stalled is not None:
            log.warning("tick_back", job=name, seconds=round(now - pulse.beat))
        pulse.began, pulse.beat, pulse.ended, pulse.failures, pulse.stalled = None, now, now, 0, None

    def look(self) -> None:
        """Say which jobs do not tick, each once, and wake the scheduler for those that do not begin."""
        now = self._clock()
        for name, pulse in self._pulses.items():
            found = pulse.trouble(now)
            if found is not None and pulse.stalled is None:
                log.error("tick_stalled", job=name, seconds=round(now - pulse.beat), why=found.value)
                pulse.stalled = found
        if any(pulse.trouble(now) is Why.LATE for pulse in self._pulses.values()):
            self._wake()

    async def watch(self, every: float = LOOK_EVERY) -> None:
        """Look every so many seconds until cancelled."""
        while True:
            asked = self._clock()
            await asyncio.sleep(every)
            held_up = self._clock() - asked - every
            if held_up > GRACE:  # so were the ticks, which come now
                log.error("loop_held_up", seconds=round(held_up))
                continue
            try:
                self.look()
            except Exception as error:
                log.exception("watchdog_failed", error=type(error).__name__)

    def ages(self) -> dict[str, float]:
        """Return how many seconds ago each job last succeeded (or the watch began)."""
        now = self._clock()
        return {name: now - pulse.beat for name, pulse in self._pulses.items()}

    def stalled(self) -> dict[str, Why]:
        """Return the jobs that do not tick, and why."""
        return {name: pulse.stalled for name, pulse in self._pulses.items() if pulse.stalled is not None}
