"""Reports (报表) as files: in which forms, of which periods, and when they come to whoever wants them regularly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules import periods
from models.rules.calendar import working_day_after, working_day_before
from models.rules.periods import Period, PeriodKind
from models.rules.spans import add_months

_DAY = timedelta(days=1)
_QUARTERS = (1, 4, 7, 10)


class FileForm(StrEnum):
    """What sort of file."""

    XLSX = "xlsx"
    PDF = "pdf"


class ReportForm(StrEnum):
    """What somebody wants: one file, or both."""

    XLSX = "xlsx"
    PDF = "pdf"
    BOTH = "both"

    @property
    def files(self) -> tuple[FileForm, ...]:
        """The files of it, in the order in which they are sent."""
        return tuple(FileForm) if self is ReportForm.BOTH else (FileForm(self.value),)


class Occasion(StrEnum):
    """When a report comes by itself."""

    MONTH = "month"
    """On the second working day of each month, about the month before."""
    MONTH_EARLY = "month_early"
    """On the first working day of each month, about the month before."""
    QUARTER = "quarter"
    """On the second working day after a quarter."""
    YEAR = "year"
    """On the second working day after a year."""
    MEETING = "meeting"
    """On the working day before a joint meeting, about the month before it."""


EXCLUDES = {Occasion.MONTH: Occasion.MONTH_EARLY, Occasion.MONTH_EARLY: Occasion.MONTH}
"""Of these nobody wants both: they are the same report."""


@dataclass(frozen=True, slots=True)
class Call:
    """A report that is called for.

    Attributes:
        on: the day on which it comes.
    """

    occasion: Occasion
    period: Period
    on: date


def calls(first: date, last: date) -> list[Call]:
    """Return which reports come from `first` to `last` whatever is going on, by their day."""
    found = [call for month in _months(first, last) for call in _of_month(month)]
    return sorted((call for call in found if first <= call.on <= last), key=lambda call: call.on)


def before_meeting(held_on: date) -> Call:
    """Return the report that comes before a joint meeting."""
    month = periods.last_complete(PeriodKind.MONTH, held_on)
    return Call(Occasion.MEETING, month, working_day_before(held_on, 1))


def _of_month(month: date) -> Iterator[Call]:
    """Yield what comes in the month that begins on `month`."""
    eve = month - _DAY
    early, usual = working_day_after(eve, 1), working_day_after(eve, 2)
    yield Call(Occasion.MONTH_EARLY, periods.month_of(eve), early)
    yield Call(Occasion.MONTH, periods.month_of(eve), usual)
    if month.month in _QUARTERS:
        yield Call(Occasion.QUARTER, periods.of(PeriodKind.QUARTER, eve), usual)
    if month.month == 1:
        yield Call(Occasion.YEAR, periods.of(PeriodKind.YEAR, eve), usual)


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = add_months(month, 1)
