"""Calendar arithmetic in months and days."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A length of time: whole months first, then days; either may be negative.

    A month that has no such day gives its last day (31 January and one month is 28 or 29 February), as
    article 202 of the Civil Code (民法典) has it.
    """

    months: int = 0
    days: int = 0

    def after(self, day: date) -> date:
        """Return the day that lies this span after `day`, kept inside the years 1 to 9999."""
        moved = add_months(day, self.months) if self.months else day
        return _shift_days(moved, self.days) if self.days else moved


def add_months(day: date, months: int) -> date:
    """Return `day` moved by whole months; the last day of a month that is too short."""
    if not months:
        return day
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if year > date.max.year:
        return date.max
    if year < date.min.year:
        return date.min
    return date(year, month + 1, day.day if day.day <= 28 else min(day.day, monthrange(year, month + 1)[1]))


def _shift_days(day: date, days: int) -> date:
    try:
        return day + timedelta(days=days)
    except OverflowError:
        return date.max if days > 0 else date.min


def years(count: int) -> Span:
    """Return a span of whole years."""
    return Span(months=12 * count)


def months_between(start: date, end: date) -> int:
    """Return the whole months from `start` to `end`: the age in months on `end` of someone born on `start`.

    Negative when `end` lies before `start`.
    """
    months = (end.year - start.year) * 12 + end.month - start.month
    return months if add_months(start, months) <= end else months - 1
