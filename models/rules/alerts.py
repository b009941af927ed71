"""What is overdue and climbs: which kinds there are, how one stands, and why it is held or over."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from enum import StrEnum

from models.rules.escalation import MOST_HELD, Hold, Ladder, Rung, climb
from models.rules.roles import Role

ACKNOWLEDGED_FOR = timedelta(days=7)
"""So long the climb stands still when somebody says no more than "I see to it" (convention)."""
_AHEAD = MOST_HELD + timedelta(days=400)
"""So far ahead the climb is reckoned: longer than any ladder and hold."""


class AlertKind(StrEnum):
    """What is overdue."""

    VISIT = "visit"
    """A window of a person's programme."""
    CHECKUP_DAY = "checkup_day"
    """The report of a village's check-up day."""
    DECISION = "decision"
    """A meeting's decision (议定事项)."""


class AlertState(StrEnum):
    """How an alert stands on a day."""

    OPEN = "open"
    HELD = "held"
    """Somebody sees to it, or it waits for a date."""
    CLOSED = "closed"


class SnoozeReason(StrEnum):
    """Why something has to wait. Nobody is asked why a person declined: that ends it."""

    AGREED = "agreed"
    """Another day was agreed."""
    AWAY = "away"
    """The person is out these days."""
    ROAD = "road"
    """Weather or roads."""
    BUSY = "busy"
    """Too much to do at once."""
    OTHER = "other"


class CloseReason(StrEnum):
    """Why an alert is over; no more of it is kept than this."""

    DONE = "done"
    """Done, declined or left, or what is due has moved on."""
    GONE = "gone"
    """The person is not on the list any more: moved, died, withdrew or was entered twice."""
    PLACED = "placed"
    """Another place sees to it now."""


Reached = Mapping[Role, date]
"""The rungs of an alert, each with the day on which it is, or was, reached."""


def state_of(held_until: date | None, closed_on: date | None, today: date) -> AlertState:
    """Return how an alert stands."""
    if closed_on is not None:
        return AlertState.CLOSED
    return AlertState.HELD if held_until is not None and today < held_until else AlertState.OPEN


def reckon(since: date, steps: Ladder, holds: Sequence[Hold] = ()) -> dict[Role, date]:
    """Return on which day each rung is reached, if nothing more is done about it. See `escalation.climb`."""
    return {rung.role: rung.on for rung in climb(since, since + _AHEAD, steps, holds)}


def reckon_again(before: Reached, anew: Reached, today: date) -> dict[Role, date]:
    """Return the rungs after a hold, another ladder or another calendar.

    What was reached stays reached, so nobody is told twice; what would have been reached by another ladder is reached
    today.
    """
    kept = {role: on for role, on in before.items() if on <= today}
    return {role: max(on, today) for role, on in anew.items() if role not in kept} | kept


def rungs(reached: Reached, today: date) -> tuple[Rung, ...]:
    """Return the rungs that were reached by `today`, the first one first."""
    return tuple(sorted((Rung(role, on) for role, on in reached.items() if on <= today), key=lambda rung: rung.on))
