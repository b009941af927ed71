"""When to remind of something that is coming, and from when on a reminder makes no sense any more.

Of the stages of one ladder at most one is current at any moment. So whoever plans late (after an outage, or because
something moved) says the one thing that is still true.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.rules.calendar import working_day_after
from models.rules.clock import CHINA, local_day, moment_at
from models.rules.occurrences import Occurrence
from models.rules.quiet import DEFAULT, Quiet, next_allowed

DIGEST_AT = time(8)
"""The hour of the morning digest and of reminders by days, unless a person has chosen another (convention)."""
REPORT_BY = time(18)
"""The hour by which a village has reported its check-up day, on the next working day (convention)."""
_DAY = timedelta(days=1)
_HOUR = timedelta(hours=1)


class StageCode(StrEnum):
    """How far off the thing is."""

    DAYS_7 = "days_7"
    DAYS_3 = "days_3"
    DAYS_1 = "days_1"
    SAME_DAY = "same_day"
    """On the morning."""
    HOUR_1 = "hour_1"
    DIGEST = "digest"
    """The morning digest itself."""


Ladder = tuple[StageCode, ...]
CHECKUP_MANAGER: Ladder = (StageCode.DAYS_7, StageCode.DAYS_3, StageCode.DAYS_1, StageCode.SAME_DAY)
CHECKUP_CLINIC: Ladder = (StageCode.DAYS_1,)
CHECKUP_RESIDENT: Ladder = (StageCode.DAYS_3, StageCode.DAYS_1)
"""For residents who asked for it (convention)."""
MEETING: Ladder = (StageCode.DAYS_3, StageCode.DAYS_1, StageCode.HOUR_1)
_DAYS = {StageCode.DAYS_7: 7, StageCode.DAYS_3: 3, StageCode.DAYS_1: 1, StageCode.SAME_DAY: 0}


@dataclass(frozen=True, slots=True)
class Stage:
    """One reminder.

    Attributes:
        code: which one.
        due_at: not before this moment (UTC).
        expires_at: senseless from this moment (UTC), which is later.
    """

    code: StageCode
    due_at: datetime
    expires_at: datetime

    def is_current(self, now: datetime) -> bool:
        """Return whether `now` (aware) is the time for it."""
        return self.due_at <= now.astimezone(UTC) < self.expires_at

    def send_at(self, zone: ZoneInfo = CHINA, quiet: Quiet = DEFAULT) -> datetime | None:
        """Return when it can be sent to somebody with quiet hours; `None` when it is senseless by then."""
        found = next_allowed(self.due_at, zone, quiet)
        return found if found < self.expires_at else None


def before(one: Occurrence, ladder: Ladder, digest_at: time = DIGEST_AT) -> list[Stage]:
    """Return the stages before an occurrence for a reader with a digest at `digest_at`; none if it is cancelled.

    The last one is senseless when the thing begins; on the morning of a whole day, when the day is over.
    """
    if one.is_cancelled:
        return []
    stays = one.is_whole_day and ladder[-1:] == (StageCode.SAME_DAY,)
    end = (one.ends_at if stays else one.starts_at).astimezone(UTC)
    return _chained([(code, _due_at(code, one, digest_at)) for code in ladder], end)


def digest(day: date, zone: ZoneInfo = CHINA, digest_at: time = DIGEST_AT) -> Stage:
    """Return the morning digest of a day: senseless when the day is over."""
    return Stage(StageCode.DIGEST, moment_at(day, digest_at, zone), moment_at(day + _DAY, time(), zone))


def current(stages: Iterable[Stage], now: datetime) -> Stage | None:
    """Return the stage of a ladder whose time `now` is, if it is any's."""
    return next((stage for stage in stages if stage.is_current(now)), None)


def report_deadline(held_on: date, zone: ZoneInfo = CHINA, by: time = REPORT_BY) -> datetime:
    """Return the moment (UTC) from which a check-up day that isn't reported is overdue."""
    return moment_at(working_day_after(held_on, 1), by, zone)


def is_report_overdue(held_on: date, now: datetime, zone: ZoneInfo = CHINA, by: time = REPORT_BY) -> bool:
    """Return whether a check-up day that isn't reported is overdue at `now` (aware)."""
    return now.astimezone(UTC) >= report_deadline(held_on, zone, by)


def last_overdue_report(now: datetime, zone: ZoneInfo = CHINA, by: time = REPORT_BY) -> date:
    """Return the last day on which a check-up would have been held that has to be reported by `now` (aware)."""
    day = local_day(now, zone)
    while not is_report_overdue(day, now, zone, by):
        day -= _DAY
    return day


def _due_at(code: StageCode, one: Occurrence, digest_at: time) -> datetime:
    if code is StageCode.HOUR_1:
        return one.starts_at.astimezone(UTC) - _HOUR
    return moment_at(one.held_on - _DAYS[code] * _DAY, digest_at, one.zone)


def _chained(due: Iterable[tuple[StageCode, datetime]], end: datetime) -> list[Stage]:
    """Let each stage expire when a later one is due; leave out those for which no time is left."""
    stages: list[Stage] = []
    for code, due_at in reversed(list(due)):
        if due_at < end:
            stages.append(Stage(code, due_at, end))
            end = due_at
    return stages[::-1]
