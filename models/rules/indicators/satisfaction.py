"""Satisfied, of those who answered. An answer belongs to its month; who answered is known to nobody.

Beside it stands how many were asked. Whoever would rather not say was asked, and gave no answer.
"""

from __future__ import annotations

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode
from models.rules.satisfaction import Satisfaction


def cell_of(answer: Satisfaction) -> Satisfaction:
    """Return the cell of an answer."""
    return answer


TABLE = Table("satisfaction", tuple(Satisfaction), cell_of, Nature.FLOW, Unit.ANSWERS)

SATISFACTION = Indicator(IndicatorCode.SATISFACTION, TABLE, frozenset({Satisfaction.SATISFIED}), may_have_target=False)
