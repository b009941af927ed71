"""What can be done about something overdue: acknowledged, snoozed, given to somebody else, and that taken back.

A hold stops the climb until its date; what was reached stays reached. Twice does no more than once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, func, insert, or_, select, update

from models.rules.access import Actor, Permission, Role
from models.rules.alerts import ACKNOWLEDGED_FOR, AlertKind, SnoozeReason
from models.rules.calendar import working_day_before
from models.rules.escalation import HoldKind, latest_until
from models.store import _climbs, alerts, audit, climbs, leaves, outbox, scope
from models.store._records import UNDO_WITHIN
from models.store.alerts import NOTE, AlertLine
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.staff import Member
from models.tables.alerts import Alert, AlertHold
from models.tables.base import new_id
from models.tables.enrolments import Enrolment
from models.tables.places import Place
from models.tables.staff import Staff

ASSIGNED = "alert.assigned"
"""What somebody is told to whom it was given."""


@whole
async def acknowledge(
    session: StoreSession, actor: Actor, alert_id: int, today: date, until: date | None = None
) -> AlertLine:
    """Note that the actor sees to it: until a date, or in a week; it climbs no further until then.

    Raises:
        AccessDenied, NotFound, Conflict: as in `alerts.get`.
        Refused: `hold_until`: not between tomorrow and the thirtieth day from today.
    """
    row = await alerts.open_row(session, actor, alert_id, today, locked=True)
    last = await _last(session, alert_id)
    day = until or today + ACKNOWLEDGED_FOR
    _check(day, today)
    wanted = {"kind": HoldKind.ACKNOWLEDGED, "on": today, "until": day}
    if last is None or {"entered_by": last.entered_by, **_said(last)} != {"entered_by": actor.staff_id, **wanted}:
        await _hold(session, actor, row, today, wanted)
    return await alerts.get(session, actor, alert_id, today)


@whole
async def snooze(
    session: StoreSession,
    actor: Actor,
    alert_id: int,
    today: date,
    until: date,
    reason: SnoozeReason,
    note: str | None = None,
    draft_id: int | None = None,
) -> AlertLine:
    """Let it wait until a date; the same draft saved twice does it once.

    Raises:
        AccessDenied, NotFound, Conflict: as in `alerts.get`.
        Refused: `hold_until`, as in `acknowledge`.
    """
    row = await alerts.open_row(session, actor, alert_id, today, locked=True)
    if draft_id is None or await _by_draft(session, draft_id) is None:
        _check(until, today)
        wanted = {"kind": HoldKind.SNOOZED, "on": today, "until": until, "reason": reason, "draft_id": draft_id}
        await _hold(session, actor, row, today, wanted, note)
    return await alerts.get(session, actor, alert_id, today)


async def takers(session: StoreSession, actor: Actor, alert_id: int, today: date) -> list[Member]:
    """Return to whom it can be given: the village's managers and the clinic, as far as they may know of it.

    Nobody can take a decision: its owner is changed by a chair.

    Raises:
        AccessDenied, NotFound, Conflict: as in `alerts.get`.
    """
    row = await alerts.open_row(session, actor, alert_id, today)
    if row.kind is AlertKind.DECISION:
        return []
    manages = and_(Staff.role == Role.MANAGER, Staff.village_id == row.village_id)
    clinic = and_(Staff.role == Role.CLINIC, Staff.township_id == row.township_id)
    others = (Staff.active, Staff.id != actor.staff_id, Staff.id.is_distinct_from(row.assigned_to))
    may: ColumnElement[bool] = clinic if await _is_clinics(session, actor, row) else manages | clinic
    columns = (Staff.id, Staff.role, Place.name, Staff.name_sealed, Staff.active)
    statement = select(*columns).join(Place, Place.id == Staff.place_id).where(*others, may)
    rows = await session.rows(statement.order_by(Place.code.desc(), Staff.id))
    return [alerts.member_of(session, one) for one in rows]


@whole
async def assign(session: StoreSession, actor: Actor, alert_id: int, today: date, to: int) -> AlertLine:
    """Give it to somebody, who is told; the days count anew, and nobody hears of it twice.

    Raises:
        AccessDenied, NotFound, Conflict: as in `alerts.get`; `NotFound` too when `to` can't take it.
    """
    row = await alerts.open_row(session, actor, alert_id, today, locked=True)
    if row.assigned_to != to:
        if to not in {one.staff_id for one in await takers(session, actor, alert_id, today)}:
            raise NotFound
        wanted = {"kind": HoldKind.ASSIGNED, "on": today, "assigned_to": to}
        hold_id = await _hold(session, actor, row, today, wanted)
        await outbox.plan(session, await outbox.member(session, to), ASSIGNED, alert_id, str(hold_id))
    return await alerts.get(session, actor, alert_id, today)


@whole
async def undo(session: StoreSession, actor: Actor, hold_id: int, today: date) -> AlertLine:
    """Take back within ten minutes what the actor did last. Twice does no more than once.

    Raises:
        AccessDenied, NotFound, Conflict: as in `alerts.get`.
        Conflict: `not_yours`, `too_late`, `changed_since`.
    """
    scope.require(actor, Permission.DUE_READ)
    alert_id = await session.scalar(select(AlertHold.alert_id).where(AlertHold.id == hold_id))
    if alert_id is None:
        raise NotFound
    row = await alerts.open_row(session, actor, alert_id, today, locked=True)
    mine = await session.row(select(AlertHold.__table__).where(AlertHold.id == hold_id))
    if mine is not None and mine.voided_at is None:
        await _need_own(session, actor, mine)
        await session.execute(update(AlertHold).where(AlertHold.id == hold_id).values(voided_at=session.now()))
        await _settle(session, row, today)
        await audit.write(session, actor, "alert:undo", "alert", alert_id)
    return await alerts.get(session, actor, alert_id, today)


async def done_for(session: StoreSession, actor: Actor, today: date) -> int:
    """Return of how many alerts something was done by who stood in for the actor, whose leave is just over.

    Just over: the actor was on leave on the working day before, or since.
    """
    back = [one for one in await leaves.absences(session, actor) if working_day_before(today, 1) <= one.last_on < today]
    done = [
        and_(AlertHold.entered_by == one.substitute_id, AlertHold.on.between(one.first_on, one.last_on)) for one in back
    ]
    if not done:
        return 0
    here = (scope.reach(actor, Alert), AlertHold.voided_at.is_(None), or_(*done))
    statement = select(func.count(AlertHold.alert_id.distinct())).join(Alert, Alert.id == AlertHold.alert_id)
    return int(await session.scalar(statement.where(*here)))


async def _need_own(session: StoreSession, actor: Actor, hold: AnyRow) -> None:
    if hold.entered_by != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - hold.entered_at > UNDO_WITHIN:
        raise Conflict("too_late")
    last = await _last(session, hold.alert_id)
    if last is None or last.id != hold.id:
        raise Conflict("changed_since")


async def _hold(
    session: StoreSession, actor: Actor, row: AnyRow, today: date, wanted: Mapping[str, Any], note: str | None = None
) -> int:
    hold_id = new_id()
    entered = {"entered_by": actor.staff_id, "entered_at": session.now()}
    sealed = session.vault.seal_text(NOTE, hold_id, note or None)
    values = {"id": hold_id, "alert_id": row.id, "note_sealed": sealed, **entered, **wanted}
    await session.execute(insert(AlertHold), values)
    await _settle(session, row, today)
    until: date | None = wanted.get("until")
    details: dict[str, Detail] = {"days": (until - today).days} if until is not None else {}
    await audit.write(session, actor, f"alert:{wanted['kind'].value}", "alert", row.id, details)
    return hold_id


async def _settle(session: StoreSession, row: AnyRow, today: date) -> None:
    """Bring an alert in line with what was done about it."""
    statement = select(AlertHold.__table__).where(AlertHold.alert_id == row.id, AlertHold.voided_at.is_(None))
    done = await session.rows(statement.order_by(AlertHold.entered_at, AlertHold.id))
    given = next((one for one in reversed(done) if one.assigned_to is not None), None)
    values = {
        "hold": done[-1].kind if done else None,
        "held_on": max((one.on for one in done), default=None),
        "held_until": max((one.until for one in done if one.until is not None), default=None),
        "assigned_to": given.assigned_to if given is not None else None,
        "assigned_on": given.on if given is not None else None,
    }
    await session.execute(update(Alert).where(Alert.id == row.id).values(**values))
    await _climbs.again(session, row.id, today, await climbs.ladder_of(session, row.township_id))


async def _last(session: StoreSession, alert_id: int) -> AnyRow | None:
    statement = select(AlertHold.__table__).where(AlertHold.alert_id == alert_id, AlertHold.voided_at.is_(None))
    return await session.row(statement.order_by(AlertHold.entered_at.desc(), AlertHold.id.desc()).limit(1))


async def _by_draft(session: StoreSession, draft_id: int) -> AnyRow | None:
    return await session.row(select(AlertHold.id).where(AlertHold.draft_id == draft_id))


async def _is_clinics(session: StoreSession, actor: Actor, row: AnyRow) -> bool:
    """Return whether it is about a programme of which managers don't know."""
    theirs = [one.code for one in actor.catalogue.visible_to(Role.MANAGER)]
    hidden = select(Enrolment.id).where(Enrolment.id == row.subject_id, Enrolment.programme.not_in(theirs))
    return row.kind is AlertKind.VISIT and await session.row(hidden) is not None


def _said(hold: AnyRow) -> dict[str, Any]:
    return {"kind": hold.kind, "on": hold.on, "until": hold.until}


def _check(until: date, today: date) -> None:
    if not today < until <= latest_until(today):
        raise Refused("hold_until")
