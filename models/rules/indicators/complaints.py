"""Complaints answered in time, of those whose last day has passed. They belong to the period of that day.

Whoever withdrew a complaint is left out. That somebody complained is told of a village only where it was many, to
readers of the team as well: few of them know who has reason to.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from models.rules.complaints import ComplaintOutcome
from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode


@dataclass(frozen=True, slots=True)
class Answered:
    """A complaint whose last day has passed.

    Attributes:
        due_on: that day.
        answered_on: the day of the answer; `None`: there is none.
        outcome: what was found; `None`: nothing yet.
    """

    due_on: date
    answered_on: date | None = None
    outcome: ComplaintOutcome | None = None


class ComplaintCell(StrEnum):
    """How a complaint was answered."""

    IN_TIME = "in_time"
    LATE = "late"
    """Later, or not at all."""


def cell_of(one: Answered) -> ComplaintCell | None:
    """Return the cell of a complaint; one that was withdrawn has none."""
    if one.outcome is ComplaintOutcome.WITHDRAWN:
        return None
    is_in_time = one.answered_on is not None and one.answered_on <= one.due_on
    return ComplaintCell.IN_TIME if is_in_time else ComplaintCell.LATE


TABLE = Table("complaints", tuple(ComplaintCell), cell_of, Nature.FLOW, Unit.COMPLAINTS)

COMPLAINTS_ANSWERED = Indicator(IndicatorCode.COMPLAINTS_ANSWERED, TABLE, frozenset({ComplaintCell.IN_TIME}))
