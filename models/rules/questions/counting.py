"""For which months a question is answered: figures are kept by whole months, so that small ones can't be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from models.rules import periods
from models.rules.calendar import CHECKUP_MONTHS
from models.rules.indicators.base import Nature
from models.rules.indicators.catalogue import INDICATORS
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period, PeriodKind
from models.rules.questions.stretches import Stretch, Unit
from models.rules.questions.understanding import Understanding

KINDS = {
    Unit.MONTH: PeriodKind.MONTH,
    Unit.QUARTER: PeriodKind.QUARTER,
    Unit.HALF_YEAR: PeriodKind.HALF_YEAR,
    Unit.YEAR: PeriodKind.YEAR,
}
"""Lengths of time that figures are kept for."""
OF_ROUNDS = frozenset({IndicatorCode.ATTENDANCE, IndicatorCode.CHECKUP_OFFER, IndicatorCode.REPORTING})
"""What is counted of check-up days, which are in odd months."""


class How(Enum):
    """How the months were chosen."""

    ASKED = auto()
    THIS_MONTH = auto()
    """None was named."""
    LAST_ROUND = auto()
    """None was named, and this month has no check-up days."""
    NO_ROUND = auto()
    """A month without check-up days was named: the last round before it."""
    AROUND = auto()
    """What was named is no run of whole months that is kept: the shortest such run that holds it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The months, and how they were chosen."""

    period: Period
    how: How


def is_between_rounds(asked: Stretch | None, code: IndicatorCode | None, today: date) -> bool:
    """Return whether check-ups of a month are asked about in which there are none, unless a day was moved there."""
    if asked is None or asked.unit is not Unit.MONTH or asked.first > today:
        return False
    return code in OF_ROUNDS and asked.first.month not in CHECKUP_MONTHS


def counted(asked: Stretch | None, code: IndicatorCode | None, today: date, *, has_moved_day: bool = False) -> Counted:
    """Return the months for which a question is answered. `has_moved_day`: a check-up was moved to the month named."""
    if asked is not None and is_between_rounds(asked, code, today) and not has_moved_day:
        return Counted(periods.of(PeriodKind.MONTH, asked.first).before, How.NO_ROUND)
    if asked is None:
        month = periods.month_of(today)
        if code in OF_ROUNDS and month.first.month not in CHECKUP_MONTHS:
            return Counted(month.before, How.LAST_ROUND)
        return Counted(month, How.THIS_MONTH)
    if asked.unit in KINDS:
        return Counted(periods.of(KINDS[asked.unit], asked.first), How.ASKED)
    around = next(each for each in _around(asked) if each.contains(asked.first) or each.kind is PeriodKind.YEAR)
    is_same = (around.first, min(around.last, today)) == (asked.first, min(asked.last, today))
    return Counted(around, How.ASKED if is_same else How.AROUND)


def compared_with(found: Understanding, today: date, *, has_moved_day: bool = False) -> Counted:
    """Return the months that a question's figures are compared with; of check-ups never months without any."""
    here = counted(found.period, found.indicator, today, has_moved_day=has_moved_day).period
    there = counted(found.versus, found.indicator, today)
    is_of_rounds = found.indicator in OF_ROUNDS and here.kind is there.period.kind is PeriodKind.MONTH
    if is_of_rounds and (there.how is How.NO_ROUND or there.period == here):
        return Counted(here.before.before, How.LAST_ROUND)
    return there


def _around(asked: Stretch) -> Iterator[Period]:
    """Yield the periods that hold the last day, the shortest first."""
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR_TO_DATE, PeriodKind.YEAR):
        yield periods.of(kind, asked.last)


def is_only_of_now(code: IndicatorCode) -> bool:
    """Return whether an indicator has no past: how many are waiting is known of today alone."""
    return INDICATORS[code].table.nature is Nature.NOW
