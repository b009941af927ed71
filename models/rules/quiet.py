"""Quiet hours: when a person is not written to, unless a life may depend on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from models.rules.clock import CHINA, local_day, moment_at

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Quiet:
    """A person's quiet hours, as clocks show them where the person is: 21:00 to 07:30 unless chosen otherwise.

    Attributes:
        start: the first minute that is quiet.
        end: the first minute that is not; before `start` when the night lies between, equal to it for no quiet hours.
    """

    start: time = time(21)
    end: time = time(7, 30)

    @property
    def is_off(self) -> bool:
        """Whether the person is written to at any hour."""
        return self.start == self.end

    def covers(self, at: time) -> bool:
        """Return whether clocks that show `at` stand in the quiet hours."""
        if self.start <= self.end:
            return self.start <= at < self.end
        return at >= self.start or at < self.end


DEFAULT = Quiet()
OFF = Quiet(time(), time())


def next_allowed(moment: datetime, zone: ZoneInfo = CHINA, quiet: Quiet = DEFAULT) -> datetime:
    """Return the first moment, in UTC, not before `moment` (aware) that is not quiet.

    Where clocks change, a night stays one: it begins and ends once, whatever they show in between.
    """
    found = moment.astimezone(UTC)
    if quiet.is_off:
        return found
    day = local_day(found, zone)
    for begins_on in (day - _DAY, day, day + _DAY):
        start, end = _hours(begins_on, zone, quiet)
        if start <= found < end:
            found = end
    return found


def is_quiet(moment: datetime, zone: ZoneInfo = CHINA, quiet: Quiet = DEFAULT) -> bool:
    """Return whether `moment` (aware) lies in the quiet hours."""
    moment = moment.astimezone(UTC)  # in a zone, an hour that comes twice is equal to nothing elsewhere
    return next_allowed(moment, zone, quiet) != moment


def _hours(begins_on: date, zone: ZoneInfo, quiet: Quiet) -> tuple[datetime, datetime]:
    ends_on = begins_on if quiet.start < quiet.end else begins_on + _DAY
    return moment_at(begins_on, quiet.start, zone), moment_at(ends_on, quiet.end, zone)
