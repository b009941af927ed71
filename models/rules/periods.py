"""The periods that figures are asked for. Each is a run of whole months: a longer one is a sum of shorter ones."""

from __future__ import annotations

import re
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


_CODE = re.compile(r"(?P<year>[12][0-9]{3})(?:-(?P<letter>[QHT]?)(?P<number>[0-9]{1,2}))?", re.ASCII)
_LETTERS = {
    "": PeriodKind.MONTH,
    "Q": PeriodKind.QUARTER,
    "H": PeriodKind.HALF_YEAR,
    "T": PeriodKind.YEAR_TO_DATE,
    "Y": PeriodKind.YEAR,
}
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
    def code(self) -> str:
        """What buttons call it: `2026-03`, `2026-Q1`, `2026-H1`, `2026`, `2026-T03` (to March); `named` reads it."""
        year, number = self.first.year, self.number
        match self.kind:
            case PeriodKind.MONTH:
                return f"{year}-{number:02}"
            case PeriodKind.QUARTER:
                return f"{year}-Q{number}"
            case PeriodKind.HALF_YEAR:
                return f"{year}-H{number}"
            case PeriodKind.YEAR:
                return f"{year}"
            case _:
                return f"{year}-T{number:02}"

    @property
    def number(self) -> int:
        """Which one of its kind in the year it is; of a year to date, the number of its last month."""
        if self.kind is PeriodKind.YEAR_TO_DATE:
            return self.last.month
        return (self.first.month - 1) // _LENGTHS[self.kind] + 1

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


def months_up_to(day: date, many: int = _MONTHS_A_YEAR) -> tuple[Period, ...]:
    """Return the months, in order, of which the last is that of `day`."""
    first = add_months(day.replace(day=1), 1 - many)
    return tuple(month_of(add_months(first, index)) for index in range(many))


def to_date(day: date) -> Period:
    """Return the months of a year up to that of `day`."""
    return _made(PeriodKind.YEAR_TO_DATE, date(day.year, 1, 1), day.month)


def named(code: str) -> Period:
    """Return the period of a `Period.code`.

    Raises:
        ValueError: it is none.
    """
    found = _CODE.fullmatch(code)
    if found is None:
        raise ValueError("no code of a period")
    kind, number = _LETTERS[found["letter"] or ("" if found["number"] else "Y")], int(found["number"] or 1)
    year, length = int(found["year"]), _LENGTHS.get(kind, 1)
    return of(kind, date(year, (number - 1) * length + 1, 1))


def last_complete(kind: PeriodKind, today: date) -> Period:
    """Return the last period of a kind that is over on `today`; of a year to date, that of the month before."""
    if kind is PeriodKind.YEAR_TO_DATE:
        return to_date(month_of(today).before.first)
    return of(kind, today).before


def _made(kind: PeriodKind, first: date, months: int) -> Period:
    return Period(kind, first, add_months(first, months) - _DAY)
