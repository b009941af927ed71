"""Which days something recurs on, before days off move it: its nominal days.

A nominal day is what an occurrence is known by. It stays when the occurrence is held on another day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import TYPE_CHECKING, Protocol
from zoneinfo import ZoneInfo

from models.rules.calendar import CHECKUP_MONTHS, nominal_day
from models.rules.clock import CHINA
from models.rules.errors import InputError

if TYPE_CHECKING:
    from dateutil.rrule import rrulebase

EXAMPLE = "FREQ=MONTHLY;BYDAY=1FR"
LONGEST = 300
"""Characters that a rule may have."""
_FREQUENCIES = ("DAILY", "WEEKLY", "MONTHLY", "YEARLY")
_PARTS = re.compile(
    r"(?:(?:FREQ|BYDAY|BYMONTHDAY|BYYEARDAY|BYWEEKNO|BYMONTH|BYSETPOS|WKST)=[A-Z0-9,+-]+"
    r"|(?:INTERVAL|COUNT)=[1-9]\d{0,2}|UNTIL=\d{8}(?:T\d{6}Z?)?)",
    re.ASCII,
)
_LATE_YEAR = 9932


class NominalDays(Protocol):
    """Days on which something recurs."""

    def between(self, first: date, last: date) -> Iterator[date]:
        """Yield the days from `first` to `last`, both included, in order."""
        ...


@dataclass(frozen=True, slots=True)
class FixedDay:
    """A fixed day of each month, or of some; the last day of a month that is too short for it.

    Attributes:
        day_of_month: 1 to 31.
        months: 1 to 12, in order.
    """

    day_of_month: int
    months: tuple[int, ...] = tuple(range(1, 13))

    def between(self, first: date, last: date) -> Iterator[date]:
        """Yield the days from `first` to `last`, both included, in order."""
        for year in range(first.year, last.year + 1):
            for month in self.months:
                day = nominal_day(self.day_of_month, year, month)
                if first <= day <= last:
                    yield day


def checkup_days(day_of_month: int) -> FixedDay:
    """Return the days of a village's check-ups: one in each odd month."""
    return FixedDay(day_of_month, CHECKUP_MONTHS)


@dataclass(frozen=True, slots=True)
class Rule:
    """Days by a recurrence rule of RFC 5545; made by `parse_rule`.

    Attributes:
        text: the rule without its `UNTIL`.
        starts_on: the day that it is reckoned from.
        until: its last day, if it has one.
    """

    text: str
    starts_on: date
    until: date | None = None

    def between(self, first: date, last: date) -> Iterator[date]:
        """Yield the days from `first` to `last`, both included, in order."""
        last = last if self.until is None else min(last, self.until)
        if last < first:
            return
        for found in _rrule(self.text, self.starts_on).between(_midnight(first), _midnight(last), inc=True):
            yield found.date()


def parse_rule(text: str, starts_on: date, at: time = time(), zone: ZoneInfo = CHINA) -> Rule:
    """Return the rule that `text` (with or without `RRULE:`) writes, for something at `at` in `zone`.

    At most one a day: rules by hours are refused, as are those that never come.

    Raises:
        InputError: `recurrence`.
    """
    parts = text.strip().upper().removeprefix("RRULE:").split(";")
    named = dict(part.partition("=")[::2] for part in parts)
    wrong = len(text) > LONGEST or len(named) < len(parts) or not all(map(_PARTS.fullmatch, parts))
    if wrong or named.get("FREQ") not in _FREQUENCIES or {"UNTIL", "COUNT"} <= named.keys():
        raise InputError("recurrence", EXAMPLE)
    try:
        until = _last_day(named.pop("UNTIL", None), at, zone)
        rule = Rule(";".join(f"{name}={value}" for name, value in named.items()), starts_on, until)
        if not _comes(rule):
            raise InputError("recurrence", EXAMPLE)
    except InputError:
        raise
    except (ValueError, TypeError, IndexError, KeyError):  # what python-dateutil raises for parts it can't take
        raise InputError("recurrence", EXAMPLE) from None
    return rule


def _last_day(until: str | None, at: time, zone: ZoneInfo) -> date | None:
    """Return the last day on which something at `at` is not after `until`."""
    if until is None:
        return None
    if "T" not in until:
        return date.fromisoformat(until)
    moment = datetime.fromisoformat(until)
    if moment.tzinfo is not None:
        moment = moment.astimezone(zone)
    return moment.date() if at <= moment.time() else moment.date() - timedelta(days=1)


def _comes(rule: Rule) -> bool:
    """Return whether there is any day.

    A rule such as 30 February would be looked for until the year 9999, for seconds. So it is first tried where that
    is near, in years as far from a leap year as its own.
    """
    late = rule.starts_on.replace(year=_LATE_YEAR + rule.starts_on.year % 4)
    if next(iter(_rrule(rule.text, late)), None) is None:
        return False
    first = next(iter(_rrule(rule.text, rule.starts_on)), None)
    return first is not None and (rule.until is None or first.date() <= rule.until)


def _rrule(text: str, starts_on: date) -> rrulebase:
    from dateutil.rrule import rrulestr

    return rrulestr(text, dtstart=_midnight(starts_on))


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time())
