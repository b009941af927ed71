"""The monthly joint meeting (联席会议): when it is held, who answers what, and what was decided there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from models.rules.calendar import held, nominal_day
from models.rules.clock import moment_at
from models.rules.occurrences import MEETING_AT, MEETING_LASTS, Occurrence
from models.rules.roles import Role

DAY_OF_MONTH = 5
HOUR = MEETING_AT.hour
"""A township without its own: the fifth at nine (convention)."""
LASTS = MEETING_LASTS
INVITED = (Role.LEADER, Role.DEPUTY, Role.CLINIC, Role.MANAGER)
"""Who comes, in the order in which they are listed."""


class MeetingState(StrEnum):
    """How far a meeting is."""

    PLANNED = "planned"
    HELD = "held"
    """Its chair has said what came of it."""
    CANCELLED = "cancelled"


class MeetingAnswer(StrEnum):
    """What somebody answers to an invitation."""

    COMING = "coming"
    CANT_COME = "cant_come"
    DEPUTY = "deputy"
    """Somebody else comes instead."""


class MeetingReason(StrEnum):
    """Why a meeting was moved or cancelled."""

    DUTY = "duty"
    WEATHER = "weather"
    HOLIDAY = "holiday"
    OTHER = "other"


class DecisionState(StrEnum):
    """How far a decision (议定事项) is."""

    OPEN = "open"
    DONE = "done"
    DROPPED = "dropped"


class DropReason(StrEnum):
    """Why a decision is given up."""

    NOT_NEEDED = "not_needed"
    MERGED = "merged"
    CANT_BE_DONE = "cant_be_done"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class MeetingDate:
    """When a month's meeting is held.

    Attributes:
        nominal: the fixed day of the month.
        held_on: that day, or the next working day.
        starts_at: aware, in UTC.
        provisional: no calendar was published for it yet, so it may still change.
    """

    nominal: date
    held_on: date
    starts_at: datetime
    provisional: bool


def meeting_of(month: date, day_of_month: int, hour: int, zone: ZoneInfo) -> MeetingDate:
    """Return when the meeting of the month that contains `month` is held.

    Raises:
        ValueError: `day_of_month` is not between 1 and 31, or `hour` not between 0 and 23.
    """
    day = held(nominal_day(day_of_month, month.year, month.month))
    return MeetingDate(day.nominal, day.held_on, start_of(day.held_on, hour, zone), day.provisional)


def start_of(day: date, hour: int, zone: ZoneInfo) -> datetime:
    """Return the moment, in UTC, at which it is `hour` o'clock on `day` in `zone`.

    Raises:
        ValueError: there is no such hour.
    """
    return moment_at(day, time(hour), zone)


def as_occurrence(nominal: date, held_on: date, starts_at: datetime, zone: ZoneInfo) -> Occurrence:
    """Return a meeting as what the stages of reminders are counted from."""
    local = starts_at.astimezone(zone)
    return Occurrence(nominal, held_on, held_on, local, local + LASTS, zone, is_whole_day=False, provisional=False)


def next_month(month: date) -> date:
    """Return the first day of the month after the one that contains `month`."""
    return (month.replace(day=1) + timedelta(days=32)).replace(day=1)


def has_begun(starts_at: datetime, now: datetime) -> bool:
    """Return whether answers come too late."""
    return starts_at <= now


def is_over(starts_at: datetime, now: datetime) -> bool:
    """Return whether the meeting has ended."""
    return starts_at + LASTS <= now


def is_overdue(state: DecisionState, due_on: date, today: date) -> bool:
    """Return whether a decision should have been carried out before `today`."""
    return state is DecisionState.OPEN and due_on < today
