"""The plain numbers that a day's work is seen by: done, due, overdue. They are those of lists and digests."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.facts import DueState
from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import EFFECTS, Outcome


class Counted(StrEnum):
    """The only cell of a plain number."""

    COUNTED = "counted"


@dataclass(frozen=True, slots=True)
class Report:
    """A visit or check-up that was reported."""

    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Waiting:
    """A window of a running programme that nobody has used yet, as it stands today."""

    state: DueState


def done_of(report: Report) -> Counted | None:
    """Count what served somebody; a service that was offered and declined has served."""
    return Counted.COUNTED if EFFECTS[report.outcome].served else None


def due_of(waiting: Waiting) -> Counted | None:
    """Count what is open, or opens before this month is over."""
    return Counted.COUNTED if waiting.state in (DueState.DUE, DueState.UPCOMING) else None


def overdue_of(waiting: Waiting) -> Counted | None:
    """Count what has closed."""
    return Counted.COUNTED if waiting.state is DueState.OVERDUE else None


_CELLS = tuple(Counted)
DONE_TABLE = Table("done", _CELLS, done_of, Nature.FLOW, Unit.RECORDS)
DUE_TABLE = Table("due", _CELLS, due_of, Nature.NOW, Unit.RECORDS)
OVERDUE_TABLE = Table("overdue", _CELLS, overdue_of, Nature.NOW, Unit.RECORDS)

_ALL = frozenset(_CELLS)
DONE = Indicator(IndicatorCode.DONE, DONE_TABLE, _ALL, is_rate=False, may_have_target=False)
DUE = Indicator(IndicatorCode.DUE, DUE_TABLE, _ALL, is_rate=False, may_have_target=False)
OVERDUE = Indicator(IndicatorCode.OVERDUE, OVERDUE_TABLE, _ALL, is_rate=False, may_have_target=False)
