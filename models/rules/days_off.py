"""Holidays and make-up workdays as a calendar shows them: runs of days off, and the weekend days that are worked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.calendar import is_provisional, is_working_day

_SATURDAY = 5
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DaysOff:
    """Days off in a row, at least one of which would be a workday in an ordinary week.

    Attributes:
        provisional: no calendar was published for some of them: make-up workdays are not known yet.
    """

    first: date
    last: date
    provisional: bool

    def __contains__(self, day: date) -> bool:
        """Return whether `day` is one of them."""
        return self.first <= day <= self.last


def days_off(first: date, last: date) -> list[DaysOff]:
    """Return the holidays that touch the days from `first` to `last`, with the weekends that adjoin them."""
    found: list[DaysOff] = []
    day = first
    while day <= last:
        if day.weekday() < _SATURDAY and not is_working_day(day):
            found.append(_around(day))
            day = found[-1].last
        day += _DAY
    return found


def makeup_days(first: date, last: date) -> list[date]:
    """Return the Saturdays and Sundays from `first` to `last` that are worked."""
    days = (first + timedelta(days=number) for number in range((last - first).days + 1))
    return [day for day in days if day.weekday() >= _SATURDAY and is_working_day(day)]


def _around(day: date) -> DaysOff:
    first = last = day
    while not is_working_day(first - _DAY):
        first -= _DAY
    while not is_working_day(last + _DAY):
        last += _DAY
    return DaysOff(first, last, is_provisional(first) or is_provisional(last))
