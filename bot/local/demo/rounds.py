"""A village's check-up days, and how each of them was reported: most in full and in time.

A newcomer finds a roster to work off: that of the first persona's village. On a working day of an odd month its
check-up is today; else it was on the last working day, and not everybody has been reported. In an even month the admin
has moved it there, as the calendar allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from bot.local.demo.units import UNITS, Unit
from models.rules.calendar import (
    CHECKUP_MONTHS,
    NO_MOVES,
    CheckupDate,
    Moves,
    is_working_day,
    next_checkup_day,
    nominal_day,
    working_day_after,
    working_day_before,
)

YEARS_BACK = 2
NEWCOMERS = UNITS[0]
"""The unit whose roster is open."""
_MOVABLE_DOM = 25
"""So late in its month a fixed day can be moved to any day of the next one."""
_A_PERIOD = timedelta(days=75)
"""More than lies between two check-up days, holidays included."""
_STILL_OPEN = timedelta(days=62)
"""Who has not reported a day after so long has done it since, though late."""
_LOTS = len(UNITS)
_STEP_BY_UNIT, _STEP_BY_ROUND = 8, 5
"""Have no factor in common with the number of units: each round draws every lot once."""


class Conduct(StrEnum):
    """How a village reported a check-up day."""

    IN_TIME = "in_time"
    LATE = "late"
    """In full, but part of it after the deadline."""
    LEFT = "left"
    """Part of it not at all."""
    OPEN = "open"
    """It is today or later, and nobody is marked yet."""


@dataclass(frozen=True, slots=True)
class Rule:
    """When a village's check-ups are: the day of the month, and the days that an admin has moved."""

    dom: int
    moves: Moves = field(default_factory=lambda: NO_MOVES)


def rule_of(unit: Unit, today: date) -> Rule:
    """Return when a unit's check-ups are, in a demo made on `today`."""
    if unit is not NEWCOMERS:
        return Rule(unit.checkup_dom)
    held_on = newcomers_day(today)
    if held_on.month in CHECKUP_MONTHS:
        return Rule(held_on.day)
    month = held_on.replace(day=1) - timedelta(days=1)
    return Rule(_MOVABLE_DOM, {nominal_day(_MOVABLE_DOM, month.year, month.month): held_on})


def launch_of(today: date) -> date:
    """Return the day on which the demo's story begins."""
    return today - timedelta(days=365 * YEARS_BACK)


def newcomers_day(today: date) -> date:
    """Return the day whose roster a newcomer works off."""
    is_today = today.month in CHECKUP_MONTHS and is_working_day(today)
    return today if is_today else working_day_before(today, 1)


@dataclass(frozen=True, slots=True)
class Rounds:
    """A village's check-up days, oldest first, from the launch to the next one to come, and how each was reported."""

    days: tuple[CheckupDate, ...]
    conducts: Mapping[date, Conduct]

    @classmethod
    def of(cls, unit: Unit, rule: Rule, today: date) -> Rounds:
        """Return those of a unit, in a demo made on `today`."""
        found = [next_checkup_day(rule.dom, launch_of(today) - _A_PERIOD, rule.moves)]
        while found[-1].held_on <= today:
            found.append(next_checkup_day(rule.dom, found[-1].held_on, rule.moves))
        return cls(tuple(found), {day.held_on: conduct(unit, day, today) for day in found})


def conduct(unit: Unit, day: CheckupDate, today: date) -> Conduct:
    """Return how a unit reported a day: in each round one leaves people out, and two or three are late."""
    if day.held_on >= today:
        return Conduct.OPEN
    if unit is NEWCOMERS and day.held_on == newcomers_day(today):
        return Conduct.LEFT
    number = day.nominal.year * len(CHECKUP_MONTHS) + day.nominal.month // 2
    lot = (UNITS.index(unit) * _STEP_BY_UNIT + number * _STEP_BY_ROUND) % _LOTS
    if lot == 0:
        return Conduct.LEFT if today - day.held_on <= _STILL_OPEN else Conduct.LATE
    return Conduct.LATE if lot <= 2 + number % 2 else Conduct.IN_TIME


def first_late_day(held_on: date) -> date:
    """Return the first day on which everything that is reported of a check-up day is late."""
    return working_day_after(held_on, 1) + timedelta(days=1)
