"""The monthly joint meeting: when the next one is, who comes, moved, cancelled, and what its chair tells of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, select, update

from models.files.invitations import Invitation, cancellation, request, uid_of
from models.rules.access import Actor, Permission, Role
from models.rules.clock import CHINA
from models.rules.meetings import (
    INVITED,
    LASTS,
    MeetingAnswer,
    MeetingDate,
    MeetingReason,
    MeetingState,
    next_month,
    start_of,
)
from models.store import _meetings, audit, outbox, plannings, scope, staff
from models.store._meetings import MOVED as MOVED
from models.store._meetings import RESTORED as RESTORED
from models.store._meetings import MeetingLine as MeetingLine
from models.store.database import StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.meetings import Meeting, MeetingReply
from models.tables.places import Place
from models.tables.staff import Staff

CANCELLED = "meeting.cancelled"
"""What everybody who is invited is told when there is no meeting."""
MINUTES = Cell("meetings", "minutes_sealed")
MOVED_AT_MOST = timedelta(days=31)
"""A meeting is moved by so much at most (convention): further away lies the next one."""


@dataclass(frozen=True, slots=True)
class Invited:
    """Somebody who is invited.

    Attributes:
        place_name: the village or township the person works in.
        name: as the account called itself at enrolment.
        answer: what the person answered last; `None` for not yet.
    """

    staff_id: int
    role: Role
    place_name: str
    name: str | None
    answer: MeetingAnswer | None


@dataclass(frozen=True, slots=True)
class Minutes:
    """What a chair told of a meeting; no text is *nothing to say*."""

    text: str | None


async def upcoming(session: StoreSession, actor: Actor) -> MeetingLine:
    """Return the next meeting of the actor's township, or the one that is being held.

    Raises:
        AccessDenied: the role attends no meetings.
        NotFound: all of the next two years are cancelled.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    return await _meetings.upcoming(session, actor.township_id)


async def between(session: StoreSession, actor: Actor, first: date, last: date) -> list[MeetingLine]:
    """Return the meetings held, or cancelled, from `first` to `last` in the actor's township, by day.

    Raises:
        AccessDenied: the role attends no meetings, and arranges none.
    """
    if not actor.may(Permission.MEETING_ARRANGE):
        scope.require(actor, Permission.MEETING_ATTEND)
    habit = await _meetings.habit_of(session, actor.township_id)
    month = first.replace(day=1) - timedelta(days=1)
    while month <= last:
        await _meetings.of_month(session, actor.township_id, month, habit)
        month = next_month(month)
    during = (*_here(actor), Meeting.held_on >= first, Meeting.held_on <= last)
    return await _meetings.find(session, habit.zone, *during)


async def last(session: StoreSession, actor: Actor) -> MeetingLine | None:
    """Return the last meeting that is over, if there is one.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    over = (*_here(actor), Meeting.state != MeetingState.CANCELLED)
    found = await _meetings.find(session, ZoneInfo(actor.zone), *over, Meeting.starts_at <= session.now())
    return next((one for one in reversed(found) if one.is_over(session.now())), None)


async def get(session: StoreSession, actor: Actor, meeting_id: int) -> MeetingLine:
    """Return a meeting of the actor's township.

    Raises:
        AccessDenied: the role attends no meetings, and arranges none.
        NotFound: there is no such meeting there.
    """
    if not actor.may(Permission.MEETING_ARRANGE):
        scope.require(actor, Permission.MEETING_ATTEND)
    return await _one(session, actor, meeting_id)


async def answer(session: StoreSession, actor: Actor, meeting_id: int, given: MeetingAnswer) -> MeetingLine:
    """Store what the actor answers to an invitation. The last answer counts; the same one twice does no harm.

    Raises:
        AccessDenied: the role attends no meetings.
        NotFound: there is no such meeting in the township.
        Conflict: `meeting_begun`, `meeting_cancelled`.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    meeting = await _before(session, actor, meeting_id)
    mine = (MeetingReply.meeting_id == meeting_id, MeetingReply.staff_id == actor.staff_id)
    values = {"answer": given, "answered_at": session.now()}
    if not await session.changed(update(MeetingReply).where(*mine).values(**values)):
        statement = session.insert_or_ignore(MeetingReply, ["meeting_id", "staff_id"])
        key = {"id": new_id(), "meeting_id": meeting_id, "staff_id": actor.staff_id}
        await session.execute(statement, key | values)
    await audit.write(session, actor, "meeting:answer", "meeting", meeting_id, {"answer": given.value})
    return meeting


async def answer_of(session: StoreSession, actor: Actor, meeting_id: int) -> MeetingAnswer | None:
    """Return what the actor answered last to an invitation, if anything.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    mine = (MeetingReply.meeting_id == meeting_id, MeetingReply.staff_id == actor.staff_id)
    found: MeetingAnswer | None = await session.scalar(select(MeetingReply.answer).where(*mine))
    return found


async def list_invited(session: StoreSession, actor: Actor, meeting_id: int) -> list[Invited]:
    """Return who is invited, by role and place, with what each has answered.

    Raises:
        AccessDenied: the role attends no meetings.
        NotFound: there is no such meeting in the township.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    await _one(session, actor, meeting_id)
    is_theirs = (MeetingReply.staff_id == Staff.id) & (MeetingReply.meeting_id == meeting_id)
    columns = (Staff.id, Staff.role, Place.name.label("place_name"), Staff.name_sealed, MeetingReply.answer)
    statement = select(*columns).join(Place, Place.id == Staff.place_id).outerjoin(MeetingReply, is_theirs)
    statement = statement.where(Staff.township_id == actor.township_id, Staff.active, Staff.role.in_(INVITED))
    rows = await session.rows(statement.order_by(Place.code, Staff.id))
    found = [
        Invited(
            row.id, row.role, row.place_name, session.vault.open_text(staff.NAME, row.id, row.name_sealed), row.answer
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: INVITED.index(one.role))


@whole
async def move(
    session: StoreSession, actor: Actor, meeting_id: int, on: date, hour: int, reason: MeetingReason
) -> MeetingLine:
    """Hold a meeting on another day or at another hour of the township, and tell everybody who is invited.

    Moved to where it is already, it stays as it is, and nobody is told.

    Raises:
        AccessDenied: the role arranges no meetings.
        NotFound: there is no such meeting in the township.
        Conflict: `meeting_begun`, `meeting_cancelled`.
        Refused: `meeting_date`: the time has passed, or lies too far from the fixed day.
    """
    scope.require(actor, Permission.MEETING_ARRANGE)
    meeting = await _before(session, actor, meeting_id)
    starts_at = start_of(on, hour, ZoneInfo(actor.zone))
    if starts_at <= session.now() or abs(on - meeting.nominal_on) > MOVED_AT_MOST:
        raise Refused("meeting_date")
    if starts_at != meeting.starts_at:
        when = MeetingDate(meeting.nominal_on, on, starts_at, provisional=False)
        await _meetings.rearrange(session, meeting, when, **_by(session, actor, reason, meeting))
        await audit.write(session, actor, "meeting:move", "meeting", meeting_id, {"reason": reason.value})
    return await _one(session, actor, meeting_id)


@whole
async def cancel(session: StoreSession, actor: Actor, meeting_id: int, reason: MeetingReason) -> MeetingLine:
    """Hold no meeting that month, and tell everybody who is invited. Twice does no more than once.

    Raises:
        AccessDenied: the role arranges no meetings.
        NotFound: there is no such meeting in the township.
        Conflict: `meeting_begun`.
    """
    scope.require(actor, Permission.MEETING_ARRANGE)
    meeting = await _one(session, actor, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        return meeting
    if meeting.has_begun(session.now()):
        raise Conflict("meeting_begun")
    values: dict[str, Any] = {"state": MeetingState.CANCELLED, "sequence": meeting.sequence + 1}
    values |= _by(session, actor, reason, meeting)
    await session.execute(update(Meeting).where(Meeting.id == meeting_id).values(**values))
    await plannings.touch(session, actor.township_id)
    people = await _meetings.invited(session, actor.township_id)
    occurrence = str(meeting.sequence + 1)
    await outbox.plan(session, people, CANCELLED, meeting_id, occurrence, expires_at=meeting.starts_at)
    await audit.write(session, actor, "meeting:cancel", "meeting", meeting_id, {"reason": reason.value})
    return await _one(session, actor, meeting_id)


@whole
async def undo(session: StoreSession, actor: Actor, meeting_id: int) -> MeetingLine:
    """Take back what the actor changed within ten minutes, and tell everybody who is invited when it is held.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied: the role arranges no meetings.
        NotFound: there is no such meeting in the township.
        Conflict: `not_yours`, `too_late`, `meeting_begun`.
    """
    scope.require(actor, Permission.MEETING_ARRANGE)
    meeting = await _one(session, actor, meeting_id)
    if not meeting.before:
        return meeting
    if meeting.changed_by != actor.staff_id:
        raise Conflict("not_yours")
    if not meeting.may_undo(actor.staff_id, session.now()):
        raise Conflict("too_late")
    when = _meetings.as_before(meeting)
    if when.starts_at <= session.now():
        raise Conflict("meeting_begun")
    reason = meeting.before["reason"]
    by = actor.staff_id if reason else None
    told = {"state": MeetingState.PLANNED, "reason": reason, "before": {}, "changed_by": by}
    await _meetings.rearrange(session, meeting, when, **told)
    if meeting.state is MeetingState.CANCELLED:
        await _meetings.restore(session, meeting)
    await audit.write(session, actor, "meeting:undo", "meeting", meeting_id)
    return await _one(session, actor, meeting_id)


async def set_habit(session: StoreSession, actor: Actor | None, township_id: int, day_of_month: int, hour: int) -> None:
    """Choose the day of the month and the hour of a township's meetings; those planned already follow.

    `actor` is an admin, or `None` for the command line on the host.

    Raises:
        AccessDenied: the actor is no admin of that township.
    """
    if actor is not None:
        scope.require(actor, Permission.MEETING_ARRANGE)
        township_id = actor.township_id
    values = {"meeting_dom": day_of_month, "meeting_hour": hour}
    await session.execute(update(Place).where(Place.id == township_id).values(**values))
    await plannings.touch(session, township_id)
    details = {"day": day_of_month, "hour": hour}
    await audit.write(session, actor, "meeting:arrange", "place", township_id, details, township_id=township_id)


def file_of(meeting: MeetingLine, summary: str, description: str, stamp: datetime) -> bytes:
    """Return the file that puts a meeting into a calendar, or takes it out when it is cancelled.

    Args:
        meeting: as it is now.
        summary: what the meeting is called, in the reader's language.
        description: where to answer; nothing about a person.
        stamp: when the file is made, aware.
    """
    zone = meeting.starts_at.tzinfo
    invitation = Invitation(
        uid_of(meeting.township_id, meeting.nominal_on.replace(day=1)),
        meeting.sequence,
        summary,
        description,
        meeting.starts_at,
        meeting.starts_at + LASTS,
        zone if isinstance(zone, ZoneInfo) else CHINA,
        is_tentative=meeting.provisional,
    )
    return (cancellation if meeting.state is MeetingState.CANCELLED else request)(invitation, stamp)


async def minutes(session: StoreSession, actor: Actor, meeting_id: int) -> Minutes | None:
    """Return what the chair told of a meeting; `None` is not told yet.

    Raises:
        AccessDenied: the role attends no meetings.
        NotFound: there is no such meeting in the township.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    row = await session.row(select(Meeting.minutes_sealed, Meeting.minutes_at).where(*_of(actor, meeting_id)))
    if row is None:
        raise NotFound
    if row.minutes_at is None:
        return None
    return Minutes(session.vault.open_text(MINUTES, meeting_id, row.minutes_sealed))


async def write_minutes(
    session: StoreSession, actor: Actor, meeting_id: int, told: Minutes, draft_id: int | None = None
) -> MeetingLine:
    """Store what the chair tells of a meeting; told again, the later words stand. The same draft stores once.

    Raises:
        AccessDenied: the role chairs no meetings.
        NotFound: there is no such meeting in the township.
        Conflict: `meeting_cancelled`, `meeting_not_begun`.
    """
    scope.require(actor, Permission.MEETING_CHAIR)
    meeting = await begun(session, actor, meeting_id)
    values: dict[str, Any] = {
        "state": MeetingState.HELD,
        "chair_id": actor.staff_id,
        "minutes_sealed": session.vault.seal_text(MINUTES, meeting_id, told.text),
        "minutes_at": session.now(),
        "minutes_draft_id": draft_id,
    }
    is_new = () if draft_id is None else (Meeting.minutes_draft_id.is_distinct_from(draft_id),)
    if await session.changed(update(Meeting).where(Meeting.id == meeting_id, *is_new).values(**values)):
        await plannings.touch(session, actor.township_id)
        await audit.write(session, actor, "meeting:minutes", "meeting", meeting_id, {"text": told.text is not None})
    return await _one(session, actor, meeting.id)


async def begun(session: StoreSession, actor: Actor, meeting_id: int) -> MeetingLine:
    """Return a meeting that has begun.

    Raises:
        NotFound: there is no such meeting in the township.
        Conflict: `meeting_cancelled`, `meeting_not_begun`.
    """
    meeting = await _one(session, actor, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        raise Conflict("meeting_cancelled")
    if not meeting.has_begun(session.now()):
        raise Conflict("meeting_not_begun")
    return meeting


async def _before(session: StoreSession, actor: Actor, meeting_id: int) -> MeetingLine:
    meeting = await _one(session, actor, meeting_id)
    if meeting.state is MeetingState.CANCELLED:
        raise Conflict("meeting_cancelled")
    if meeting.has_begun(session.now()):
        raise Conflict("meeting_begun")
    return meeting


async def _one(session: StoreSession, actor: Actor, meeting_id: int) -> MeetingLine:
    found = await _meetings.find(session, ZoneInfo(actor.zone), *_of(actor, meeting_id))
    if not found:
        raise NotFound
    return found[0]


def _here(actor: Actor) -> tuple[ColumnElement[bool], ...]:
    return (Meeting.township_id == actor.township_id,)


def _of(actor: Actor, meeting_id: int) -> tuple[ColumnElement[bool], ...]:
    return (*_here(actor), Meeting.id == meeting_id)


def _by(session: StoreSession, actor: Actor, reason: MeetingReason, meeting: MeetingLine) -> dict[str, Any]:
    """Return who changes a meeting, when and why, and how it was before."""
    before = {
        "held_on": meeting.held_on.isoformat(),
        "starts_at": meeting.starts_at.isoformat(),
        "provisional": meeting.provisional,
        "reason": meeting.reason,
    }
    return {"reason": reason, "changed_by": actor.staff_id, "changed_at": session.now(), "before": before}
