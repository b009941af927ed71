"""Check-up days as the calendar shows them: listed, moved or cancelled by an admin, and brought after the calendar."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from models.rules.access import Actor, Permission, Role
from models.rules.calendar import CheckupDate, checkup_day, months_around
from models.rules.clock import moment_at
from models.rules.moving import REASONS, TOLD_DAYS, Reach, reach
from models.store import _days, _facts, audit, outbox, own, places, plannings, scope
from models.store._records import UNDO_WITHIN
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession, whole
from models.store.errors import Conflict, NotFound, Refused
from models.store.outbox import Recipient
from models.store.places import PlaceRow
from models.tables.checkups import Attendance, CheckupDay, DayState
from models.tables.places import Place
from models.tables.rosters import RosterEntry

MOVED, CANCELLED, RESTORED = "checkup.moved", "checkup.cancelled", "checkup.restored"
"""Kinds of message; the occurrence is the sequence of the day."""
_AHEAD = timedelta(days=370)
"""So far ahead the days have rows, so that it shows when one moves."""
_YEARS = range(2000, 2100)


@dataclass(frozen=True, slots=True)
class VillageDay:
    """A village's check-up day.

    Attributes:
        held_on: when it is held; of a cancelled one, when it would have been.
        provisional: no holiday calendar was published for it yet.
        reason: the code of why it was moved or cancelled; `None` while it follows the calendar.
        sequence: how often its date has changed.
        may_undo: whether the actor changed it in the last ten minutes.
    """

    village: PlaceRow
    nominal_on: date
    held_on: date
    provisional: bool
    is_cancelled: bool
    reason: str | None
    sequence: int
    may_undo: bool = False


@dataclass(frozen=True, slots=True)
class Told:
    """A changed day, as those concerned are told of it."""

    village_id: int
    village: str
    held_on: date


_ROWS = select(
    CheckupDay.id,
    CheckupDay.village_id,
    CheckupDay.nominal_on,
    CheckupDay.held_on,
    CheckupDay.provisional,
    CheckupDay.state,
    CheckupDay.reason,
    CheckupDay.sequence,
    CheckupDay.changed_by,
    CheckupDay.changed_at,
    CheckupDay.before,
)


async def between(session: StoreSession, actor: Actor, first: date, last: date) -> list[VillageDay]:
    """Return the days held, or cancelled, from `first` to `last` in the villages within the actor's reach, by day."""
    villages = await _villages(session, actor)
    rows = await _stored(session, [village.id for village in villages], first)
    township = await places.get(session, actor.township_id)
    found = [
        _shown(session, actor, village, day, rows.get((village.id, day.nominal)))
        for village in villages
        for day in _by_rule(village, township, first, last)
    ]
    here = [day for day in found if first <= day.held_on <= last]
    return sorted(here, key=lambda day: (day.held_on, day.village.code))


async def get(session: StoreSession, actor: Actor, village_id: int, nominal: date) -> VillageDay:
    """Return one day.

    Raises:
        NotFound: the village is out of reach, or has no such day.
    """
    village, day = await _of(session, actor, village_id, nominal)
    rows = await _stored(session, [village.id], nominal)
    return _shown(session, actor, village, day, rows.get((village.id, nominal)))


async def reach_of(session: StoreSession, actor: Actor, village_id: int, nominal: date) -> Reach:
    """Return to which days a check-up day can be moved.

    Raises:
        AccessDenied: for anybody but an admin.
        NotFound: as in `get`.
    """
    scope.require(actor, Permission.CALENDAR_CHANGE)
    village, _ = await _of(session, actor, village_id, nominal)
    dom, moves = await _days.rule_of(session, village.id, village.township_id)
    return reach(dom, nominal, scope.today(session, actor), moves)


@whole
async def move(
    session: StoreSession, actor: Actor, village_id: int, nominal: date, to: date, reason: str
) -> VillageDay:
    """Hold a check-up on another day, tell those concerned, and return it; a cancelled one takes place again.

    Asked for twice it is done and told once.

    Raises:
        AccessDenied: for anybody but an admin.
        NotFound: as in `get`.
        Conflict: `day_past`: its day is over; `day_begun`: somebody was reported for it, or marked on its roster.
        Refused: `day_out_of_reach`: not between the days before and after it.
    """
    if to not in await reach_of(session, actor, village_id, nominal):
        raise Refused("day_out_of_reach")
    return await _change(session, actor, village_id, nominal, reason, {"held_on": to, "state": DayState.PLANNED})


@whole
async def cancel(session: StoreSession, actor: Actor, village_id: int, nominal: date, reason: str) -> VillageDay:
    """Let a check-up day be left out, tell those concerned, and return it.

    Raises:
        AccessDenied, NotFound, Conflict: as in `move`.
    """
    scope.require(actor, Permission.CALENDAR_CHANGE)
    return await _change(session, actor, village_id, nominal, reason, {"state": DayState.CANCELLED})


@whole
async def undo(session: StoreSession, actor: Actor, village_id: int, nominal: date) -> VillageDay:
    """Take back what the actor changed within ten minutes; those concerned are told that it stays as it was.

    Taking it back twice does no more than once.

    Raises:
        AccessDenied, NotFound: as in `move`.
        Conflict: `not_yours` or `too_late`.
    """
    scope.require(actor, Permission.CALENDAR_CHANGE)
    village, day = await _of(session, actor, village_id, nominal)
    row = await _locked(session, village, day)
    if row.before:
        _need_fresh(session, actor, row)
        before = _from_json(row.before)
        await _write(session, actor, row, before, {})
        kind = CANCELLED if before["state"] is DayState.CANCELLED else RESTORED
        await _follow(session, actor, village, row, before, kind)
        await audit.write(session, actor, "checkup_day:undo", "checkup_day", row.id)
    return await get(session, actor, village_id, nominal)


async def told(session: StoreSession, day_id: int, sequence: int) -> Told | None:
    """Return a changed day as it is told; `None` when it has changed again since the change number `sequence`."""
    statement = (
        select(Place.id, Place.name, CheckupDay.held_on)
        .join(Place, Place.id == CheckupDay.village_id)
        .where(CheckupDay.id == day_id, CheckupDay.sequence == sequence)
    )
    row = await session.row(statement)
    return Told(row.id, row.name, row.held_on) if row is not None else None


@whole
async def follow_calendar(session: StoreSession, township_id: int, today: date) -> int:
    """Move what a calendar moves that was published since, recompute what is due, tell what comes soon.

    For the planner. Days that an admin moved or cancelled stay. Returns how many days have moved.
    """
    township = await places.get(session, township_id)
    villages = await places.villages(session, township_id)
    rows = await _stored(session, [village.id for village in villages], today)
    return sum([await _follow_one(session, village, township, rows, today) for village in villages])


async def _follow_one(
    session: StoreSession, village: PlaceRow, township: PlaceRow, rows: Mapping[tuple[int, date], AnyRow], today: date
) -> int:
    moved = 0
    for day in _by_rule(village, township, today, today + _AHEAD):
        row = rows.get((village.id, day.nominal))
        if row is None:
            await _days.row_of(session, village.id, village.township_id, day)
        elif _differs(row, day):
            await _renew(session, village, row, day, today)
            moved += row.held_on != day.held_on
    if moved:
        await _facts.recompute_checkups(session, village.id, village.township_id, today)
    return moved


async def _villages(session: StoreSession, actor: Actor) -> list[PlaceRow]:
    if actor.role is Role.MANAGER or actor.village_id is not None:
        return await places.villages(session, actor.township_id, only=actor.village_id or 0)
    return await places.villages(session, actor.township_id)


def _by_rule(village: PlaceRow, township: PlaceRow, first: date, last: date) -> Sequence[CheckupDate]:
    """Return the days by the rule alone that may be held from `first` to `last`."""
    dom = village.checkup_dom or township.checkup_dom or _days.DEFAULT_CHECKUP_DOM
    return [checkup_day(dom, month.year, month.month) for month in months_around(first, last)]


async def _stored(session: StoreSession, village_ids: Sequence[int], first: date) -> Mapping[tuple[int, date], AnyRow]:
    since = first - timedelta(days=100)
    statement = _ROWS.where(CheckupDay.village_id.in_(village_ids), CheckupDay.nominal_on >= since)
    return {(row.village_id, row.nominal_on): row for row in await session.rows(statement)}


def _shown(session: StoreSession, actor: Actor, village: PlaceRow, day: CheckupDate, row: AnyRow | None) -> VillageDay:
    if row is None:
        return VillageDay(village, day.nominal, day.held_on, day.provisional, False, None, 0)
    is_fresh = row.changed_at is not None and session.now() - row.changed_at <= UNDO_WITHIN
    return VillageDay(
        village,
        row.nominal_on,
        row.held_on if row.reason else day.held_on,
        row.reason is None and day.provisional,
        row.state is DayState.CANCELLED,
        row.reason,
        row.sequence,
        may_undo=bool(row.before) and is_fresh and row.changed_by == actor.staff_id,
    )


async def _of(session: StoreSession, actor: Actor, village_id: int, nominal: date) -> tuple[PlaceRow, CheckupDate]:
    """Return the village and the day by the rule.

    Raises:
        NotFound: the village is out of reach, or has no such day.
    """
    village = await scope.village(session, actor, village_id)
    if nominal.year not in _YEARS:
        raise NotFound
    township = await places.get(session, actor.township_id)
    for day in _by_rule(village, township, nominal, nominal):
        if day.nominal == nominal:
            return village, day
    raise NotFound


async def _locked(session: StoreSession, village: PlaceRow, day: CheckupDate) -> AnyRow:
    """Return the row of a day, held until the transaction ends."""
    line = await _days.row_of(session, village.id, village.township_id, day)
    statement = _ROWS.where(CheckupDay.id == line.id)
    row = await session.row(statement.with_for_update() if session.is_postgres else statement)
    if row is None:
        raise NotFound
    return row


async def _change(
    session: StoreSession, actor: Actor, village_id: int, nominal: date, reason: str, values: Mapping[str, Any]
) -> VillageDay:
    if reason not in REASONS:
        raise Refused("unknown_reason")
    village, day = await _of(session, actor, village_id, nominal)
    row = await _locked(session, village, day)
    wanted = {"held_on": row.held_on, **values, "reason": reason}
    if {key: getattr(row, key) for key in wanted} != wanted:
        await _need_open(session, actor, row)
        before = {key: getattr(row, key) for key in wanted}
        await _write(session, actor, row, wanted, before)
        kind = CANCELLED if wanted["state"] is DayState.CANCELLED else MOVED
        await _follow(session, actor, village, row, wanted, kind)
        details: dict[str, Detail] = {"reason": reason, "days": (wanted["held_on"] - row.held_on).days}
        await audit.write(session, actor, kind.replace("checkup.", "checkup_day:"), "checkup_day", row.id, details)
    return await get(session, actor, village_id, nominal)


async def _need_open(session: StoreSession, actor: Actor, row: AnyRow) -> None:
    if row.held_on < scope.today(session, actor):
        raise Conflict("day_past")
    reported = select(Attendance.id).where(Attendance.day_id == row.id, Attendance.voided_at.is_(None)).limit(1)
    marked = select(RosterEntry.id).where(RosterEntry.day_id == row.id, RosterEntry.marked_by.is_not(None)).limit(1)
    if row.state is DayState.CLOSED or await session.row(reported) or await session.row(marked):
        raise Conflict("day_begun")


def _need_fresh(session: StoreSession, actor: Actor, row: AnyRow) -> None:
    if row.changed_by != actor.staff_id:
        raise Conflict("not_yours")
    if session.now() - row.changed_at > UNDO_WITHIN:
        raise Conflict("too_late")


async def _write(
    session: StoreSession, actor: Actor, row: AnyRow, values: Mapping[str, Any], before: Mapping[str, Any]
) -> None:
    changed = {"sequence": row.sequence + 1, "changed_by": actor.staff_id, "changed_at": session.now()}
    here = update(CheckupDay).where(CheckupDay.id == row.id)
    await session.execute(here.values(**values, **changed, before=_to_json(before)))


async def _follow(
    session: StoreSession, actor: Actor, village: PlaceRow, row: AnyRow, now: Mapping[str, Any], kind: str
) -> None:
    """Bring lists after a changed day, and tell those concerned."""
    await _facts.recompute_checkups(session, village.id, village.township_id, scope.today(session, actor))
    await plannings.touch(session, village.township_id)
    others = [one for one in await _concerned(session, village) if one.staff_id != actor.staff_id]
    await _tell(session, others, kind, village, row, max(row.held_on, now["held_on"]))


async def _concerned(session: StoreSession, village: PlaceRow) -> list[Recipient]:
    managers = await outbox.managers_of(session, village.id)
    return [*managers, *await outbox.of_role(session, village.township_id, Role.CLINIC)]


async def _tell(
    session: StoreSession, recipients: Sequence[Recipient], kind: str, village: PlaceRow, row: AnyRow, until: date
) -> None:
    """Plan a message of a change; it is of no use any more once the day is over.

    Residents who were reminded of the day are told in words of their own.
    """
    subject, details = (row.id, str(row.sequence + 1)), {"old": row.held_on.isoformat()}
    over = moment_at(until + timedelta(days=1), time(), ZoneInfo(village.zone))
    about = own.Day(village.township_id, village.id, row.nominal_on)
    change = {**details, "change": kind.removeprefix("checkup.")}
    await own.tell(session, *subject, about, change, over)
    if kind == CANCELLED:
        await outbox.plan(session, recipients, CANCELLED, *subject, details=details, expires_at=over)
    elif kind == RESTORED:
        await outbox.plan(session, recipients, RESTORED, *subject, details=details, expires_at=over)
    else:
        await outbox.plan(session, recipients, MOVED, *subject, details=details, expires_at=over)


def _differs(row: AnyRow, day: CheckupDate) -> bool:
    """Return whether the calendar has another day by now than the row, which no admin has touched."""
    return row.reason is None and (row.held_on, row.provisional) != (day.held_on, day.provisional)


async def _renew(session: StoreSession, village: PlaceRow, row: AnyRow, day: CheckupDate, today: date) -> None:
    has_moved = row.held_on != day.held_on
    values = {"held_on": day.held_on, "provisional": day.provisional, "sequence": row.sequence + has_moved}
    await session.execute(update(CheckupDay).where(CheckupDay.id == row.id).values(**values))
    if has_moved and min(row.held_on, day.held_on) <= today + timedelta(days=TOLD_DAYS):
        await _tell(session, await _concerned(session, village), MOVED, village, row, max(row.held_on, day.held_on))


def _to_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, date) else value for key, value in values.items()}


def _from_json(values: Mapping[str, Any]) -> dict[str, Any]:
    return {**values, "held_on": date.fromisoformat(values["held_on"]), "state": DayState(values["state"])}
