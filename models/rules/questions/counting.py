"""For which months a question is answered: figures are kept by whole months, so that small ones can't be worked out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import Enum, auto

from models.rules import periods
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
    AROUND = auto()
    """What was named is no run of whole months that is kept: the shortest such run that holds it."""


@dataclass(frozen=True, slots=True)
class Counted:
    """The months, and how they were chosen."""

    period: Period
    how: How


def counted(asked: Stretch | None, code: IndicatorCode | None, today: date) -> Counted:
    """Return the months for which a question is answered."""
    if asked is None:
        month = periods.month_of(today)
        if code in OF_ROUNDS and month.first.month % 2 == 0:
            return Counted(month.before, How.LAST_ROUND)
        return Counted(month, How.THIS_MONTH)
    if asked.unit in KINDS:
        return Counted(periods.of(KINDS[asked.unit], asked.first), How.ASKED)
    around = next(each for each in _around(asked) if each.contains(asked.first) or each.kind is PeriodKind.YEAR)
    is_same = (around.first, min(around.last, today)) == (asked.first, min(asked.last, today))
    return Counted(around, How.ASKED if is_same else How.AROUND)


def compared_with(found: Understanding, today: date) -> Counted:
    """Return the months that a question's figures are compared with; of check-ups never months without any."""
    here = counted(found.period, found.indicator, today).period
    there = counted(found.versus, found.indicator, today)
    is_of_rounds = found.indicator in OF_ROUNDS and here.kind is there.period.kind is PeriodKind.MONTH
    if is_of_rounds and (there.period.first.month % 2 == 0 or there.period == here):
        return Counted(here.before.before, How.LAST_ROUND)
    return there


def _around(asked: Stretch) -> Iterator[Period]:
    """Yield the periods that hold the last day, the shortest first."""
    for kind in (PeriodKind.MONTH, PeriodKind.QUARTER, PeriodKind.HALF_YEAR, PeriodKind.YEAR_TO_DATE, PeriodKind.YEAR):
        yield periods.of(kind, asked.last)


def is_only_of_now(code: IndicatorCode) -> bool:
    """Return whether an indicator has no past: how many are waiting is known of today alone."""
    return INDICATORS[code].table.nature is Nature.NOW
