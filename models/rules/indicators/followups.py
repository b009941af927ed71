"""Follow-up in time: of the visits that had to be made by a day of the period, how many were.

A visit belongs to the period in which its window closes. Who died, moved or withdrew is left out, so is who is away
now, and what was listed by mistake. A date agreed with the person takes the place of the window that it moves. A date
chosen between two visits of the schedule (`extra`) is nobody's duty. Places on check-up days have their own table.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import EFFECTS, Outcome


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A window that has closed, or was used before.

    Attributes:
        outcome: what came of it in the end; `None`: nobody used it.
        in_time: the visit was made by the window's last day.
    """

    outcome: Outcome | None
    in_time: bool = False


class FollowUpCell(StrEnum):
    """What came of a window."""

    IN_TIME = "in_time"
    LATE = "late"
    """Served later, or not at all."""


def cell_of(followup: FollowUp) -> FollowUpCell | None:
    """Return the cell of a window; a report that settles nothing has none."""
    if followup.outcome is None:
        return FollowUpCell.LATE
    if not EFFECTS[followup.outcome].served:
        return None
    return FollowUpCell.IN_TIME if followup.in_time else FollowUpCell.LATE


TABLE = Table("followup", tuple(FollowUpCell), cell_of, Nature.FLOW, Unit.RECORDS)

TIMELINESS = Indicator(IndicatorCode.TIMELINESS, TABLE, numerator=frozenset({FollowUpCell.IN_TIME}))
