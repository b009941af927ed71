"""The roster of a check-up day: what a tap says of a person, what it becomes, and what is looked at twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from enum import StrEnum

from models.rules.bloodpressure import BloodPressure
from models.rules.measurements import CONTROLLED_BELOW, is_urgent
from models.rules.outcomes import Outcome

OPEN_AHEAD = timedelta(days=7)
"""So long before a check-up day its roster takes the last one's place: from the first reminder on (convention)."""


class Mark(StrEnum):
    """What is said of a person by tapping."""

    ATTENDED = "attended"
    ABSENT = "absent"
    DECLINED = "declined"
    AWAY = "away"
    OTHER_PROVIDER = "other"


class Attention(StrEnum):
    """Why a line is looked at once more before the day is closed, gravest first."""

    URGENT = "urgent"
    HIGH = "high"
    ABSENT = "absent"
    AWAY = "away"


_CYCLE: tuple[Mark | None, ...] = (None, *Mark)
_OUTCOMES = {
    Mark.ATTENDED: Outcome.ATTENDED,
    Mark.ABSENT: Outcome.NOT_REACHED,
    Mark.DECLINED: Outcome.DECLINED,
    Mark.AWAY: Outcome.AWAY,
    Mark.OTHER_PROVIDER: Outcome.OTHER_PROVIDER,
}
_MARKS = {outcome: mark for mark, outcome in _OUTCOMES.items()} | {Outcome.RESCHEDULED: Mark.ABSENT}


def following(mark: Mark | None) -> Mark | None:
    """Return what the next tap says: attended, absent, declined, away, other provider, nothing, and again."""
    return _CYCLE[(_CYCLE.index(mark) + 1) % len(_CYCLE)]


def outcome_of(mark: Mark, next_on: date | None) -> Outcome:
    """Return the outcome that a mark is reported as; who was absent and agreed on another day is rescheduled."""
    if mark is Mark.ABSENT and next_on is not None:
        return Outcome.RESCHEDULED
    return _OUTCOMES[mark]


def mark_of(outcome: Outcome) -> Mark | None:
    """Return the mark that says the same as a reported outcome; `None` for what no tap can say."""
    return _MARKS.get(outcome)


def attention(mark: Mark | None, pressure: BloodPressure | None, glucose: Decimal | None) -> Attention | None:
    """Return why a line is looked at once more; `None` when it says everything. Glucose is in mmol/L."""
    if mark is Mark.ATTENDED:
        if is_urgent(pressure, glucose):
            return Attention.URGENT
        return Attention.HIGH if pressure is not None and _is_high(pressure) else None
    if mark is Mark.ABSENT:
        return Attention.ABSENT
    return Attention.AWAY if mark is Mark.AWAY else None


def day_to_open(last: date, upcoming: date, today: date) -> date:
    """Return the day whose roster is worked on: the last one, or the next one once it is near."""
    return upcoming if last < today and upcoming - today <= OPEN_AHEAD else last


def _is_high(pressure: BloodPressure) -> bool:
    return pressure.sbp >= CONTROLLED_BELOW.sbp or pressure.dbp >= CONTROLLED_BELOW.dbp
