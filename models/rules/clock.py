"""Time as an object: nothing in the house reads the wall clock except through a `Clock`."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo

CHINA = ZoneInfo("Asia/Shanghai")


class Clock(Protocol):
    """Tells the time."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        ...


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """A clock that can be moved forward; local mode and tests use it."""

    def __init__(self, start: datetime | None = None) -> None:
        """Run from `start` (aware), or from the machine's time; with `start` it stands still until moved."""
        self._fixed = start
        self._offset = timedelta()

    def now(self) -> datetime:
        """Return the moved moment, aware, in UTC."""
        base = self._fixed if self._fixed is not None else datetime.now(UTC)
        return (base + self._offset).astimezone(UTC)

    def move(self, by: timedelta) -> datetime:
        """Move by `by` (days, hours) and return the new moment."""
        self._offset += by
        return self.now()


def local_day(moment: datetime, zone: ZoneInfo = CHINA) -> date:
    """Return the calendar day of `moment` in `zone`: what people there call today."""
    return moment.astimezone(zone).date()


def moment_at(day: date, at: time, zone: ZoneInfo = CHINA) -> datetime:
    """Return the moment, in UTC, at which clocks in `zone` show `at` on `day`.

    An hour that is skipped when clocks go forward comes as much later as they went (RFC 5545, 3.3.5); of an hour that
    comes twice it is the first.
    """
    return datetime.combine(day, at.replace(fold=0), zone).astimezone(UTC)
