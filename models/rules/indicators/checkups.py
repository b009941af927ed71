"""A check-up day: who had a place there, and what came of it.

Whoever is away is told apart and not due: nothing is due here until they are back. Who died, moved, withdrew or was
listed by mistake had no place. Attendance is told beside what else came of it, and never has a target.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from models.rules.indicators.base import Indicator, Nature, Table, Unit
from models.rules.indicators.codes import IndicatorCode
from models.rules.outcomes import Outcome


@dataclass(frozen=True, slots=True)
class Place:
    """A person's place on a check-up day.

    Attributes:
        outcome: the last one that was reported of it; `None`: nothing was.
        in_time: what was reported took place before the day's window closed.
    """

    outcome: Outcome | None
    in_time: bool = True


class CheckupCell(StrEnum):
    """What came of a place."""

    ATTENDED = "attended"
    OFFERED = "offered"
    """Didn't come, but was asked in time: declined, served elsewhere, unwell, another date."""
    MISSED = "missed"
    """Nobody asked in time."""


_OFFERED = frozenset({Outcome.DECLINED, Outcome.OTHER_PROVIDER, Outcome.RESCHEDULED, Outcome.ILL})
_NOT_DUE = frozenset(
    {Outcome.AWAY, Outcome.MOVED, Outcome.DECEASED, Outcome.CONSENT_WITHDRAWN, Outcome.NOT_DUE},
)


def cell_of(place: Place) -> CheckupCell | None:
    """Return the cell of a place; `None` when it was not due."""
    if place.outcome in _NOT_DUE:
        return None
    if place.outcome is Outcome.ATTENDED:
        return CheckupCell.ATTENDED
    return CheckupCell.OFFERED if place.outcome in _OFFERED and place.in_time else CheckupCell.MISSED


TABLE = Table("checkup", tuple(CheckupCell), cell_of, Nature.FLOW, Unit.PEOPLE)

OFFER = Indicator(
    IndicatorCode.CHECKUP_OFFER,
    TABLE,
    numerator=frozenset({CheckupCell.ATTENDED, CheckupCell.OFFERED}),
)

ATTENDANCE = Indicator(
    IndicatorCode.ATTENDANCE,
    TABLE,
    numerator=frozenset({CheckupCell.ATTENDED}),
    may_have_target=False,
)


class OutcomeCell(StrEnum):
    """What came of a place, as attendance is told beside it."""

    ATTENDED = "attended"
    DECLINED = "declined"
    ELSEWHERE = "elsewhere"
    AWAY = "away"
    """Not due: told beside, in no rate."""
    ABSENT = "absent"
    """Not reached, not reported, unwell, or another date."""


_TOLD = {
    Outcome.ATTENDED: OutcomeCell.ATTENDED,
    Outcome.DECLINED: OutcomeCell.DECLINED,
    Outcome.OTHER_PROVIDER: OutcomeCell.ELSEWHERE,
    Outcome.AWAY: OutcomeCell.AWAY,
}


def outcome_of(place: Place) -> OutcomeCell | None:
    """Return what came of a place; `None` for who had none."""
    if place.outcome is None:
        return OutcomeCell.ABSENT
    told = _TOLD.get(place.outcome)
    return None if told is None and place.outcome in _NOT_DUE else told or OutcomeCell.ABSENT


OUTCOMES = Table("outcomes", tuple(OutcomeCell), outcome_of, Nature.FLOW, Unit.PEOPLE)
"""Told beside attendance; no indicator's table, as whoever is away is in no whole."""
