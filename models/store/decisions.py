"""What meetings decided (议定事项): who does it until when, done, dropped, and open until then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, Select, and_, func, insert, or_, select, update

from models.rules.access import Actor, Permission
from models.rules.clock import local_day
from models.rules.meetings import INVITED, DecisionState, DropReason, is_overdue
from models.store import audit, meetings, outbox, plannings, scope, staff
from models.store._records import UNDO_WITHIN
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.staff import Member
from models.store.vault import Cell
from models.tables.base import new_id
from models.tables.meetings import Decision, Meeting
from models.tables.places import Place
from models.tables.staff import Staff

ASSIGNED = "decision.assigned"
"""What its owner is told of a decision."""
TEXT = Cell("decisions", "text_sealed")
CLOSED_SHOWN = timedelta(days=31)
"""So long what was done or dropped stays in lists."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A decision as it is entered."""

    text: str
    owner_id: int
    due_on: date


@dataclass(frozen=True, slots=True)
class StoredDecision:
    """A decision as it is stored now.

    Attributes:
        met_on: the day of the meeting that decided it.
        closed_on: the day on which it was said to be done or dropped.
        reason: why it was dropped.
        may_undo: the actor has entered it just now.
    """

    id: int
    meeting_id: int
    met_on: date
    text: str
    owner: Member
    due_on: date
    state: DecisionState
    closed_on: date | None
    reason: DropReason | None
    version: int
    voided: bool
    may_undo: bool

    def is_overdue(self, today: date) -> bool:
        """Return whether it should have been carried out before `today`."""
        return is_overdue(self.state, self.due_on, today)


async def owners(session: StoreSession, actor: Actor) -> list[Member]:
    """Return who can carry a decision out: everybody who is invited to the meeting, by role and place.

    Raises:
        AccessDenied: the role chairs no meetings.
    """
    scope.require(actor, Permission.MEETING_CHAIR)
    columns = (Staff.id.label("owner_id"), Staff.role, Place.name.label("place_name"), Staff.name_sealed, Staff.active)
    statement = select(*columns).join(Place, Place.id == Staff.place_id)
    statement = statement.where(_may_own(actor)).order_by(Place.code, Staff.id)
    found = [_owner(session, row) for row in await session.rows(statement)]
    return sorted(found, key=lambda one: INVITED.index(one.role))


@whole
async def add(
    session: StoreSession, actor: Actor, meeting_id: int, wanted: Wanted, draft_id: int | None = None
) -> StoredDecision:
    """Store what a meeting decided and tell its owner. The same draft saved twice stores one.

    Raises:
        AccessDenied: the role chairs no meetings.
        NotFound: there is no such meeting, or nobody by that id who can carry it out.
        Conflict: `meeting_cancelled`, `meeting_not_begun`.
        Refused: `decision_due`: the day has passed.
    """
    scope.require(actor, Permission.MEETING_CHAIR)
    done = await _by_draft(session, actor, draft_id)
    if done is not None:
        return await get(session, actor, done)
    await meetings.begun(session, actor, meeting_id)
    await _check(session, actor, wanted)
    decision_id = new_id()
    values = {
        "id": decision_id,
        "township_id": actor.township_id,
        "meeting_id": meeting_id,
        "entered_by": actor.staff_id,
        "entered_at": session.now(),
        "draft_id": draft_id,
        **_values(session, decision_id, wanted),
    }
    await session.execute(insert(Decision), values)
    await _tell(session, actor, decision_id, wanted, version=1)
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, "decision:add", "decision", decision_id)
    return await get(session, actor, decision_id)


@whole
async def correct(
    session: StoreSession, actor: Actor, decision_id: int, wanted: Wanted, *, version: int | None = None
) -> StoredDecision:
    """Change what is to be done, by whom or until when; another owner is told.

    Raises:
        AccessDenied, Refused: as in `add`.
        NotFound: there is no such decision, or nobody by that id who can carry it out.
        Conflict: `voided`, `decision_closed`; `corrected_since`: it is at another version than `version`.
    """
    scope.require(actor, Permission.MEETING_CHAIR)
    before = await _open(session, actor, decision_id)
    if version is not None and before.version != version:
        raise Conflict("corrected_since")
    await _check(session, actor, wanted, known=before)
    values = _values(session, decision_id, wanted) | {"version": before.version + 1}
    await session.execute(update(Decision).where(Decision.id == decision_id).values(**values))
    if wanted.owner_id != before.owner.staff_id:
        await _tell(session, actor, decision_id, wanted, version=before.version + 1)
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, "decision:correct", "decision", decision_id)
    return await get(session, actor, decision_id)


async def undo(session: StoreSession, actor: Actor, decision_id: int) -> StoredDecision:
    """Take a decision back within ten minutes, by the one who entered it. Twice does no more than once.

    Raises:
        AccessDenied: the role chairs no meetings.
        NotFound: there is no such decision.
        Conflict: `not_yours`, `too_late`, `decision_closed`.
    """
    scope.require(actor, Permission.MEETING_CHAIR)
    row = await _find(session, actor, decision_id)
    if row.voided_at is None:
        if row.entered_by != actor.staff_id:
            raise Conflict("not_yours")
        if session.now() - row.entered_at > UNDO_WITHIN:
            raise Conflict("too_late")
        if row.state is not DecisionState.OPEN:
            raise Conflict("decision_closed")
        await _set(session, actor, decision_id, "decision:undo", {"voided_at": session.now()})
    return await get(session, actor, decision_id)


async def finish(session: StoreSession, actor: Actor, decision_id: int) -> StoredDecision:
    """Note that a decision is carried out, by its owner or the chair. Twice does no more than once.

    Raises:
        AccessDenied: the role attends no meetings, or the decision is another's.
        NotFound: there is no such decision.
        Conflict: `voided`, `decision_closed`: it was dropped.
    """
    row = await _own(session, actor, decision_id)
    if row.state is DecisionState.DROPPED:
        raise Conflict("decision_closed")
    if row.state is DecisionState.OPEN:
        await _set(session, actor, decision_id, "decision:finish", _closed(session, actor, DecisionState.DONE))
    return await get(session, actor, decision_id)


async def reopen(session: StoreSession, actor: Actor, decision_id: int) -> StoredDecision:
    """Note that a decision is not carried out yet, by its owner or the chair; what was dropped comes back too.

    Raises:
        AccessDenied: the role attends no meetings, or the decision is another's; what was dropped, only a chair opens.
        NotFound: there is no such decision.
        Conflict: `voided`.
    """
    row = await _own(session, actor, decision_id)
    if row.state is DecisionState.DROPPED:
        scope.require(actor, Permission.MEETING_CHAIR)
    if row.state is not DecisionState.OPEN:
        values = {"state": DecisionState.OPEN, "closed_by": None, "closed_at": None, "reason": None}
        await _set(session, actor, decision_id, "decision:reopen", values)
    return await get(session, actor, decision_id)


async def drop(session: StoreSession, actor: Actor, decision_id: int, reason: DropReason) -> StoredDecision:
    """Give a decision up, by a chair. Twice does no more than once.

    Raises:
        AccessDenied: the role chairs no meetings.
        NotFound: there is no such decision.
        Conflict: `voided`, `decision_closed`: it is done.
    """
    scope.require(actor, Permission.MEETING_CHAIR)
    row = await _standing(session, actor, decision_id)
    if row.state is DecisionState.DONE:
        raise Conflict("decision_closed")
    if row.state is DecisionState.OPEN:
        values = _closed(session, actor, DecisionState.DROPPED) | {"reason": reason}
        await _set(session, actor, decision_id, "decision:drop", values, {"reason": reason.value})
    return await get(session, actor, decision_id)


async def get(session: StoreSession, actor: Actor, decision_id: int) -> StoredDecision:
    """Return a decision of the actor's township.

    Raises:
        AccessDenied: the role attends no meetings.
        NotFound: there is no such decision.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    return _stored(session, actor, await _find(session, actor, decision_id))


async def list_open(session: StoreSession, actor: Actor, *, before: datetime | None = None) -> list[StoredDecision]:
    """Return the township's open decisions, those that are due first first; with `before`, of earlier meetings.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    earlier = () if before is None else (Meeting.starts_at < before,)
    return await _list(session, actor, Decision.state == DecisionState.OPEN, *earlier)


async def are_any(session: StoreSession, actor: Actor) -> bool:
    """Return whether the township's meetings have decided anything so far, whatever came of it.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    known = select(Decision.id).where(Decision.township_id == actor.township_id, Decision.voided_at.is_(None))
    return await session.scalar(known.limit(1)) is not None


async def of_meeting(session: StoreSession, actor: Actor, meeting_id: int) -> list[StoredDecision]:
    """Return what a meeting decided, whatever came of it.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    return await _list(session, actor, Decision.meeting_id == meeting_id)


async def list_mine(session: StoreSession, actor: Actor) -> list[StoredDecision]:
    """Return what the actor carries out: open ones, and those closed lately.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    lately = or_(Decision.closed_at.is_(None), Decision.closed_at >= session.now() - CLOSED_SHOWN)
    found = await _list(session, actor, Decision.owner_id == actor.staff_id, lately)
    return sorted(found, key=lambda one: one.state is not DecisionState.OPEN)


async def count_mine(session: StoreSession, actor: Actor) -> int:
    """Return how many open decisions the actor carries out.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    mine = (Decision.owner_id == actor.staff_id, Decision.state == DecisionState.OPEN, Decision.voided_at.is_(None))
    return int(await session.scalar(select(func.count()).select_from(Decision).where(*mine)))


async def count_open(session: StoreSession, actor: Actor, today: date) -> tuple[int, int]:
    """Return how many decisions of the township are open, and how many of them should be carried out by now.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    here = (
        Decision.township_id == actor.township_id,
        Decision.state == DecisionState.OPEN,
        Decision.voided_at.is_(None),
    )
    days = [row.due_on for row in await session.rows(select(Decision.due_on).where(*here))]
    return len(days), sum(is_overdue(DecisionState.OPEN, day, today) for day in days)


async def days_of_mine(session: StoreSession, actor: Actor) -> list[date]:
    """Return the days by which the actor has open decisions to carry out, earliest first.

    Raises:
        AccessDenied: the role attends no meetings.
    """
    scope.require(actor, Permission.MEETING_ATTEND)
    mine = (Decision.owner_id == actor.staff_id, Decision.state == DecisionState.OPEN, Decision.voided_at.is_(None))
    return [row.due_on for row in await session.rows(select(Decision.due_on).where(*mine).order_by(Decision.due_on))]


async def _check(session: StoreSession, actor: Actor, wanted: Wanted, known: StoredDecision | None = None) -> None:
    """Refuse what can't be: an owner who is not there, a day that has passed unless it stood there before."""
    is_kept = known is not None and known.owner.staff_id == wanted.owner_id
    here = select(Staff.id).where(_may_own(actor), Staff.id == wanted.owner_id)
    if not is_kept and await session.row(here) is None:
        raise NotFound
    is_same_day = known is not None and known.due_on == wanted.due_on
    if wanted.due_on < scope.today(session, actor) and not is_same_day:
        raise Refused("decision_due")


async def _tell(session: StoreSession, actor: Actor, decision_id: int, wanted: Wanted, *, version: int) -> None:
    if wanted.owner_id != actor.staff_id:
        owner = await outbox.member(session, wanted.owner_id)
        await outbox.plan(session, owner, ASSIGNED, decision_id, str(version))


async def _own(session: StoreSession, actor: Actor, decision_id: int) -> AnyRow:
    """Return a decision that the actor may say something of."""
    scope.require(actor, Permission.MEETING_ATTEND)
    row = await _standing(session, actor, decision_id)
    if row.owner_id != actor.staff_id:
        scope.require(actor, Permission.MEETING_CHAIR)
    return row


async def _open(session: StoreSession, actor: Actor, decision_id: int) -> StoredDecision:
    row = await _standing(session, actor, decision_id)
    if row.state is not DecisionState.OPEN:
        raise Conflict("decision_closed")
    return _stored(session, actor, row)


async def _standing(session: StoreSession, actor: Actor, decision_id: int) -> AnyRow:
    row = await _find(session, actor, decision_id)
    if row.voided_at is not None:
        raise Conflict("voided")
    return row


async def _find(session: StoreSession, actor: Actor, decision_id: int) -> AnyRow:
    row = await session.row(_select(actor).where(Decision.id == decision_id))
    if row is None:
        raise NotFound
    return row


async def _list(session: StoreSession, actor: Actor, *conditions: ColumnElement[bool]) -> list[StoredDecision]:
    statement = _select(actor).where(Decision.voided_at.is_(None), *conditions)
    rows = await session.rows(statement.order_by(Decision.due_on, Decision.entered_at, Decision.id))
    return [_stored(session, actor, row) for row in rows]


async def _by_draft(session: StoreSession, actor: Actor, draft_id: int | None) -> int | None:
    if draft_id is None:
        return None
    saved = (Decision.draft_id == draft_id, Decision.township_id == actor.township_id)
    found: int | None = await session.scalar(select(Decision.id).where(*saved))
    return found


async def _set(
    session: StoreSession,
    actor: Actor,
    decision_id: int,
    action: str,
    values: Mapping[str, Any],
    details: Mapping[str, str] | None = None,
) -> None:
    await session.execute(update(Decision).where(Decision.id == decision_id).values(**values))
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, action, "decision", decision_id, details)


def _closed(session: StoreSession, actor: Actor, state: DecisionState) -> dict[str, Any]:
    return {"state": state, "closed_by": actor.staff_id, "closed_at": session.now()}


def _values(session: StoreSession, decision_id: int, wanted: Wanted) -> dict[str, Any]:
    sealed = session.vault.seal_text(TEXT, decision_id, wanted.text)
    return {"text_sealed": sealed, "owner_id": wanted.owner_id, "due_on": wanted.due_on}


def _may_own(actor: Actor) -> ColumnElement[bool]:
    return and_(Staff.township_id == actor.township_id, Staff.active, Staff.role.in_(INVITED))


def _select(actor: Actor) -> Select[*tuple[Any, ...]]:
    owner = (Staff.role, Place.name.label("place_name"), Staff.name_sealed, Staff.active)
    statement = select(Decision.__table__, Meeting.held_on.label("met_on"), *owner)
    statement = statement.join(Meeting, Meeting.id == Decision.meeting_id).join(Staff, Staff.id == Decision.owner_id)
    return statement.join(Place, Place.id == Staff.place_id).where(Decision.township_id == actor.township_id)


def _owner(session: StoreSession, row: AnyRow) -> Member:
    name = session.vault.open_text(staff.NAME, row.owner_id, row.name_sealed)
    return Member(row.owner_id, row.role, row.place_name, name, row.active)


def _stored(session: StoreSession, actor: Actor, row: AnyRow) -> StoredDecision:
    is_fresh = row.entered_by == actor.staff_id and session.now() - row.entered_at <= UNDO_WITHIN
    return StoredDecision(
        row.id,
        row.meeting_id,
        row.met_on,
        session.vault.open_text(TEXT, row.id, row.text_sealed),
        _owner(session, row),
        row.due_on,
        row.state,
        None if row.closed_at is None else local_day(row.closed_at, ZoneInfo(actor.zone)),
        row.reason,
        row.version,
        row.voided_at is not None,
        is_fresh and row.voided_at is None and row.state is DecisionState.OPEN,
    )
