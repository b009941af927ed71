"""Satisfied, of those who answered. An answer belongs to its month; who answered is known to nobody.

Beside it stands how many were asked. Whoever would rather not say was asked, and gave no answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from models.rules import disclosure
from models.rules.disclosure import Counted
from models.rules.indicators.base import Counts, Indicator, Nature, Table, Unit, add_all
from models.rules.indicators.codes import IndicatorCode
from models.rules.periods import Period
from models.rules.satisfaction import Satisfaction


def cell_of(answer: Satisfaction) -> Satisfaction:
    """Return the cell of an answer."""
    return answer


TABLE = Table("satisfaction", tuple(Satisfaction), cell_of, Nature.FLOW, Unit.ANSWERS)

SATISFACTION = Indicator(IndicatorCode.SATISFACTION, TABLE, frozenset({Satisfaction.SATISFIED}), may_have_target=False)

_WHOLE = 0
"""The only row of what is told of all places together."""


def asked(
    period: Period, answers: Mapping[Period, Mapping[int, Counts]], asked_in: Mapping[Period, int], today: date
) -> int | None:
    """Return how many were asked in a period, as it may be told beside the answers; `None` where it may not.

    Who was asked and gave no answer follows from it, so that is told one inside the other, whatever periods are asked
    for. An answer can come in another month than the question: then there are more answers, which is a count as well.

    Args:
        period: the one asked for.
        answers: by month and place.
        asked_in: how many were asked, by month.
        today: later months are not looked at.
    """
    if period.first > today:
        return None
    silent = {month: {_WHOLE: _beside(rows, asked_in.get(month, 0))} for month, rows in answers.items()}
    told, beside = disclosure.of_periods(period, [Counted(answers), Counted(silent)], today)
    if told.total is None or beside.total is None:
        return None
    fewer, more = beside.total
    return sum(told.total) + fewer - more


def _beside(rows: Mapping[int, Counts], many: int) -> Counts:
    """Return how many fewer, and how many more, answers there are than were asked for."""
    answered = sum(add_all(TABLE, rows.values()))
    return max(0, many - answered), max(0, answered - many)
