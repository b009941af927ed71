"""The periods that figures are asked for. Each is a run of whole months: a longer one is a sum of shorter ones."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from models.rules.spans import add_months

_MONTHS_A_YEAR = 12
_DAY = timedelta(days=1)


class PeriodKind(StrEnum):
    """How long a period is."""

    MONTH = "month"
    QUARTER = "quarter"
    HALF_YEAR = "half_year"
    YEAR = "year"
    YEAR_TO_DATE = "year_to_date"
    """From January to a month, that one included in full (今年以来)."""


_LENGTHS = {PeriodKind.MONTH: 1, PeriodKind.QUARTER: 3, PeriodKind.HALF_YEAR: 6, PeriodKind.YEAR: 12}


@dataclass(frozen=True, slots=True, order=True)
class Period:
    """Whole months, from `first`, the first day of one, to `last`, the last day of one.

    Made by the functions below. Of a period that isn't over, figures tell what there is by now.
    """

    kind: PeriodKind
    first: date
    last: date

    @property
    def months(self) -> tuple[Period, ...]:
        """Its months, in order."""
        count = (self.last.year - self.first.year) * _MONTHS_A_YEAR + self.last.month - self.first.month + 1
        return tuple(_made(PeriodKind.MONTH, add_months(self.first, index), 1) for index in range(count))

    @property
    def before(self) -> Period:
        """The period to compare with: the last one of its kind; of a year to date, the same months a year ago."""
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return to_date(add_months(self.last.replace(day=1), -_MONTHS_A_YEAR))
        return of(self.kind, self.first - _DAY)

    @property
    def after(self) -> Period:
        """The period that follows; of a year to date, the same months of the year after."""
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return to_date(add_months(self.last.replace(day=1), _MONTHS_A_YEAR))
        return of(self.kind, self.last + _DAY)

    def is_over(self, today: date) -> bool:
        """Return whether nothing more can happen in it."""
        return self.last < today

    def contains(self, day: date) -> bool:
        """Return whether `day` lies in it."""
        return self.first <= day <= self.last


def of(kind: PeriodKind, day: date) -> Period:
    """Return the period of a kind in which `day` lies; the year to date ends with the month of `day`."""
    if kind is PeriodKind.YEAR_TO_DATE:
        return to_date(day)
    length = _LENGTHS[kind]
    month = (day.month - 1) // length * length + 1
    return _made(kind, date(day.year, month, 1), length)


def month_of(day: date) -> Period:
    """Return the month in which `day` lies."""
    return of(PeriodKind.MONTH, day)


def to_date(day: date) -> Period:
    """Return the months of a year up to that of `day`."""
    return _made(PeriodKind.YEAR_TO_DATE, date(day.year, 1, 1), day.month)


def last_complete(kind: PeriodKind, today: date) -> Period:
    """Return the last period of a kind that is over on `today`; of a year to date, that of the month before."""
    if kind is PeriodKind.YEAR_TO_DATE:
        return to_date(month_of(today).before.first)
    return of(kind, today).before


def _made(kind: PeriodKind, first: date, months: int) -> Period:
    return Period(kind, first, add_months(first, months) - _DAY)
