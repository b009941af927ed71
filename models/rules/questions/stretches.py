"""Stretches of time that a question names: a day, a week, a month, or from one day to another."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum

from models.rules.spans import add_months

_DAY = timedelta(days=1)
_DAYS_A_WEEK = 7
_MONTHS_A_YEAR = 12


class Unit(StrEnum):
    """How a stretch was named."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    RANGE = "range"
    """From one day to another; since a day it ends today."""


_MONTHS = {Unit.MONTH: 1, Unit.QUARTER: 3, Unit.HALF_YEAR: 6, Unit.YEAR: _MONTHS_A_YEAR}


@dataclass(frozen=True, slots=True)
class Stretch:
    """From `first` to `last`, both included."""

    unit: Unit
    first: date
    last: date

    @property
    def before(self) -> Stretch:
        """The one before it: the last month before a month; of a range, as many days before."""
        if self.unit in _MONTHS:
            return of(self.unit, self.first - _DAY)
        length = self.last - self.first + _DAY
        return replace(self, first=self.first - length, last=self.last - length)

    @property
    def a_year_before(self) -> Stretch:
        """The same one of the year before."""
        first = add_months(self.first, -_MONTHS_A_YEAR)
        if self.unit in _MONTHS:
            return of(self.unit, first)
        return replace(self, first=first, last=add_months(self.last, -_MONTHS_A_YEAR))


def of(unit: Unit, day: date) -> Stretch:
    """Return the day, week (from Monday), month, quarter, half year or year in which `day` lies.

    Raises:
        KeyError: a range is of no fixed length.
    """
    if unit is Unit.DAY:
        return Stretch(unit, day, day)
    if unit is Unit.WEEK:
        monday = day - day.weekday() * _DAY
        return Stretch(unit, monday, monday + (_DAYS_A_WEEK - 1) * _DAY)
    length = _MONTHS[unit]
    first = date(day.year, (day.month - 1) // length * length + 1, 1)
    return Stretch(unit, first, add_months(first, length) - _DAY)


def shifted(unit: Unit, today: date, count: int) -> Stretch:
    """Return the stretch `count` units after that of today, or before it."""
    if unit is Unit.DAY:
        return of(unit, today + count * _DAY)
    if unit is Unit.WEEK:
        return of(unit, today + count * _DAYS_A_WEEK * _DAY)
    return of(unit, add_months(today.replace(day=1), count * _MONTHS[unit]))


def between(first: date, last: date) -> Stretch:
    """Return the range from one day to another, whichever is the earlier."""
    return Stretch(Unit.RANGE, min(first, last), max(first, last))


def past_months(count: int, today: date) -> Stretch:
    """Return this month and those before it, `count` in all, until today."""
    return between(add_months(today.replace(day=1), 1 - count), today)
