"""Joint meetings as rows: made by the calendar's rule when they are first asked for, and kept to it. Private.

A meeting that somebody moved by hand stays where it was put; another one follows the rule until it begins: when
the holiday calendar of its year is published, or the township chooses another day.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, delete, select, update

from models.rules.clock import local_day
from models.rules.meetings import (
    DAY_OF_MONTH,
    HOUR,
    INVITED,
    MeetingDate,
    MeetingReason,
    MeetingState,
    has_begun,
    is_over,
    meeting_of,
    next_month,
)
from models.rules.moving import TOLD_DAYS
from models.store import outbox, plannings
from models.store._records import UNDO_WITHIN
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.outbox import Recipient
from models.tables.base import new_id
from models.tables.meetings import Meeting, MeetingReply
from models.tables.places import Place

MOVED = "meeting.moved"
"""What everybody who is invited is told when a meeting is held at another time."""
_FARTHEST = timedelta(days=32)
"""A meeting may be held so long after its fixed day, so that an earlier month's may lie ahead."""
_TOLD = timedelta(days=TOLD_DAYS)
RESTORED = "meeting.restored"
"""What they are told when one that was cancelled takes place."""
_MONTHS_AHEAD = 24
"""So many months are looked through for one that is not cancelled."""


@dataclass(frozen=True, slots=True)
class MeetingLine:
    """A meeting.

    Attributes:
        nominal_on: the fixed day; `held_on`: where it is held.
        starts_at: in the township's zone.
        provisional: no calendar was published for it yet.
        sequence: counts its changes.
        reason: why it was moved by hand or cancelled.
        changed_at: when it was put where it is, if it was put elsewhere.
        has_minutes: its chair has told what came of it.
        changed_by: who moved or cancelled it; `before`: how it was then.
    """

    id: int
    township_id: int
    nominal_on: date
    held_on: date
    starts_at: datetime
    provisional: bool
    state: MeetingState
    sequence: int
    reason: MeetingReason | None
    changed_at: datetime | None
    has_minutes: bool
    changed_by: int | None = None
    before: Mapping[str, Any] = field(default_factory=dict)

    def has_begun(self, now: datetime) -> bool:
        """Return whether answers come too late."""
        return has_begun(self.starts_at, now)

    def may_undo(self, staff_id: int, now: datetime) -> bool:
        """Return whether that member of staff has changed it in the last ten minutes."""
        is_fresh = self.changed_at is not None and now - self.changed_at <= UNDO_WITHIN
        return bool(self.before) and is_fresh and self.changed_by == staff_id

    def is_over(self, now: datetime) -> bool:
        """Return whether it has ended."""
        return is_over(self.starts_at, now)


@dataclass(frozen=True, slots=True)
class Habit:
    """On which day of the month and at what hour a township meets, and where its clock stands."""

    day_of_month: int
    hour: int
    zone: ZoneInfo

    def of(self, month: date) -> MeetingDate:
        """Return when a month's meeting is held."""
        return meeting_of(month, self.day_of_month, self.hour, self.zone)


async def habit_of(session: StoreSession, township_id: int) -> Habit:
    """Return a township's own day and hour, or the usual ones.

    Raises:
        NotFound: there is no such place.
    """
    row = await session.row(select(Place.meeting_dom, Place.meeting_hour, Place.zone).where(Place.id == township_id))
    if row is None:
        raise NotFound
    hour = HOUR if row.meeting_hour is None else row.meeting_hour
    return Habit(row.meeting_dom or DAY_OF_MONTH, hour, ZoneInfo(row.zone))


async def upcoming(session: StoreSession, township_id: int) -> MeetingLine:
    """Return the first meeting that is neither over nor cancelled.

    Raises:
        NotFound: all of the next two years are cancelled.
    """
    now, habit = session.now(), await habit_of(session, township_id)
    month = local_day(now, habit.zone) - _FARTHEST
    for _ in range(_MONTHS_AHEAD):
        found = await of_month(session, township_id, month, habit)
        if found is not None and found.state is not MeetingState.CANCELLED and not found.is_over(now):
            return found
        month = next_month(month)
    raise NotFound


async def of_month(session: StoreSession, township_id: int, month: date, habit: Habit) -> MeetingLine | None:
    """Return a month's meeting; one that would be over already is not made any more."""
    here = (Meeting.township_id == township_id, Meeting.month == month.replace(day=1))
    row = await session.row(select(Meeting.__table__).where(*here))
    ruled = habit.of(month)
    if row is None:
        if is_over(ruled.starts_at, session.now()):
            return None
        await _make(session, township_id, ruled)
        row = await session.row(select(Meeting.__table__).where(*here))
    elif _is_to_follow(row, ruled, session.now()):
        await rearrange(session, read(row, habit.zone), ruled)
        row = await session.row(select(Meeting.__table__).where(*here))
    return None if row is None else read(row, habit.zone)


async def as_seen(session: StoreSession, township_id: int, month: date, habit: Habit) -> MeetingLine:
    """Return a month's meeting as `of_month` would make it, and change nothing; one that is not made yet has no id."""
    here = (Meeting.township_id == township_id, Meeting.month == month.replace(day=1))
    row = await session.row(select(Meeting.__table__).where(*here))
    ruled = habit.of(month)
    starts_at = ruled.starts_at.astimezone(habit.zone)
    if row is None:
        when = (ruled.nominal, ruled.held_on, starts_at, ruled.provisional)
        return MeetingLine(0, township_id, *when, MeetingState.PLANNED, 0, None, None, has_minutes=False)
    line = read(row, habit.zone)
    if not _is_to_follow(row, ruled, session.now()):
        return line
    return replace(
        line, nominal_on=ruled.nominal, held_on=ruled.held_on, starts_at=starts_at, provisional=ruled.provisional
    )


async def rearrange(session: StoreSession, meeting: MeetingLine, when: MeetingDate, **told: Any) -> None:
    """Put a meeting elsewhere, with `told` by whom and why; at another time, those invited are told and asked anew.

    One that the calendar moves far ahead is not told of: nobody was invited to it yet.
    """
    is_other_time = when.starts_at != meeting.starts_at
    values = {
        "nominal_on": when.nominal,
        "held_on": when.held_on,
        "starts_at": when.starts_at,
        "provisional": when.provisional,
        "sequence": meeting.sequence + is_other_time,
        **({"changed_at": session.now()} if is_other_time else {}),
        **told,
    }
    await session.execute(update(Meeting).where(Meeting.id == meeting.id).values(**values))
    await plannings.touch(session, meeting.township_id)
    if is_other_time:
        await session.execute(delete(MeetingReply).where(MeetingReply.meeting_id == meeting.id))
    if is_other_time and (told or min(when.starts_at, meeting.starts_at) <= session.now() + _TOLD):
        people = await invited(session, meeting.township_id)
        occurrence = str(meeting.sequence + 1)
        await outbox.plan(session, people, MOVED, meeting.id, occurrence, expires_at=when.starts_at)


def as_before(meeting: MeetingLine) -> MeetingDate:
    """Return when a meeting was held before it was changed last."""
    held_on, starts_at = meeting.before["held_on"], meeting.before["starts_at"]
    provisional = bool(meeting.before["provisional"])
    day, moment = date.fromisoformat(held_on), datetime.fromisoformat(starts_at)
    return MeetingDate(meeting.nominal_on, day, moment.astimezone(UTC), provisional)


async def restore(session: StoreSession, meeting: MeetingLine) -> None:
    """Tell everybody who is invited that a meeting takes place that was cancelled."""
    sequence = meeting.sequence + 1
    await session.execute(update(Meeting).where(Meeting.id == meeting.id).values(sequence=sequence))
    people = await invited(session, meeting.township_id)
    await outbox.plan(session, people, RESTORED, meeting.id, str(sequence), expires_at=meeting.starts_at)


async def find(session: StoreSession, zone: ZoneInfo, *conditions: ColumnElement[bool]) -> list[MeetingLine]:
    """Return the meetings that meet `conditions`, first held first."""
    statement = select(Meeting.__table__).where(*conditions).order_by(Meeting.starts_at, Meeting.id)
    return [read(row, zone) for row in await session.rows(statement)]


async def invited(session: StoreSession, township_id: int) -> Sequence[Recipient]:
    """Return everybody who is invited."""
    return [one for role in INVITED for one in await outbox.of_role(session, township_id, role)]


def read(row: AnyRow, zone: ZoneInfo) -> MeetingLine:
    """Return a row as a line."""
    return MeetingLine(
        row.id,
        row.township_id,
        row.nominal_on,
        row.held_on,
        row.starts_at.astimezone(zone),
        row.provisional,
        row.state,
        row.sequence,
        row.reason,
        row.changed_at,
        row.minutes_at is not None,
        row.changed_by,
        row.before,
    )


def _is_to_follow(row: AnyRow, ruled: MeetingDate, now: datetime) -> bool:
    """Return whether a meeting that nobody moved or cancelled is not where the rule has it, before it begins."""
    if row.state is not MeetingState.PLANNED or row.reason is not None or has_begun(row.starts_at, now):
        return False
    return bool((row.starts_at, row.provisional) != (ruled.starts_at, ruled.provisional)) and ruled.starts_at > now


async def _make(session: StoreSession, township_id: int, when: MeetingDate) -> None:
    values = {
        "id": new_id(),
        "township_id": township_id,
        "month": when.nominal.replace(day=1),
        "nominal_on": when.nominal,
        "held_on": when.held_on,
        "starts_at": when.starts_at,
        "provisional": when.provisional,
    }
    await session.execute(session.insert_or_ignore(Meeting, ["township_id", "month"]), values)
