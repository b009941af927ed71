"""Moving or cancelling one check-up day: why, and between which days it stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from models.rules.calendar import MOST_DAYS_MOVED, Moves, last_checkup_day, next_checkup_day

REASONS = ("weather", "place", "staff", "clash", "other")
"""Why a day is moved or cancelled, as codes."""
TOLD_DAYS = 30
"""A day that moved because a calendar was published is told of when it lies at most this many days ahead."""


@dataclass(frozen=True, slots=True)
class Reach:
    """The days to which a check-up day can be moved, both included; none when `first` lies after `last`."""

    first: date
    last: date

    def __contains__(self, day: date) -> bool:
        """Return whether the check-up can be held on `day`."""
        return self.first <= day <= self.last


def reach(day_of_month: int, nominal: date, today: date, moves: Moves) -> Reach:
    """Return to which days the check-up of the fixed day `nominal` can be moved.

    It stays between the one before and the one after it, and near its fixed day.
    """
    others = {**moves, nominal: None}
    before = last_checkup_day(day_of_month, nominal, others).held_on
    after = next_checkup_day(day_of_month, nominal, others).held_on
    one, most = timedelta(days=1), timedelta(days=MOST_DAYS_MOVED)
    return Reach(max(today, before + one, nominal - most), min(after - one, nominal + most))
