"""Alerts follow the facts: opened for what is overdue, closed when it is over, and their climb reckoned anew."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import ColumnElement, and_, case, delete, exists, insert, or_, select, update
from sqlalchemy.orm import aliased

from models.rules.access import Actor, Permission, Role
from models.rules.alerts import AlertKind, CloseReason, reckon, reckon_again
from models.rules.calendar import CheckupDate
from models.rules.clock import local_day
from models.rules.escalation import HoldKind, Ladder, ladder
from models.rules.occurrences import Occurrence
from models.rules.stages import is_report_overdue, report_deadline
from models.store import _alerts, _climbs, _days, _rosters, audit, checkup_calendar, places, plannings, scope
from models.store._alerts import IS_OPEN, RUNGS
from models.store.database import AnyRow, StoreSession
from models.store.places import PlaceRow
from models.tables.alerts import Alert, AlertHold
from models.tables.base import new_id
from models.tables.checkups import CheckupDay
from models.tables.enrolments import Enrolment
from models.tables.meetings import Decision
from models.tables.places import Place
from models.tables.residents import Resident
from models.tables.staff import Staff

BATCH = 200
"""Alerts a step."""
RETURNS_WITHIN = timedelta(days=62)
"""So long what was closed can come back: a report is taken back or corrected (convention)."""
_SEARCHED = timedelta(days=100)
"""So far back the last check-up day of every village lies."""
_DAY = timedelta(days=1)
_KEY = ("kind", "subject_id", "due_on", "village_id")
_COLUMNS = tuple(RUNGS.values())
_known, _listed, _enrolment, _owner = aliased(Alert), aliased(Resident), aliased(Enrolment), aliased(Staff)


async def follow(session: StoreSession, township_id: int, today: date, limit: int = BATCH) -> int:
    """Bring up to `limit` alerts of each sort in line with the facts; returns how many were changed.

    For the planner, until nothing is left. The same facts give the same alerts, on any replica, at any hour.
    """
    township = await places.get(session, township_id)
    steps = await ladder_of(session, township_id)
    return (
        await _close(session, township, today, limit)
        + await _return(session, township, today, limit, steps)
        + await _open_visits(session, township, today, limit, steps)
        + await _open_decisions(session, township, today, limit, steps)
        + await _open_days(session, township, today, steps)
        + await _reckon(session, township, today, steps)
    )


async def prune(session: StoreSession, before: date) -> int:
    """Delete what was over before a day, with what was done about it; returns how many."""
    over = select(Alert.id).where(Alert.closed_on < before)
    await session.execute(delete(AlertHold).where(AlertHold.alert_id.in_(over)))
    return await session.changed(delete(Alert).where(Alert.closed_on < before))


async def ladder_of(session: StoreSession, township_id: int) -> Ladder:
    """Return the ladder of a township."""
    kept: Mapping[str, int | None] = await session.scalar(select(Place.ladder).where(Place.id == township_id)) or {}
    return ladder({Role(role): after for role, after in kept.items()})


async def set_ladder(session: StoreSession, actor: Actor, after: Mapping[Role, int | None]) -> Ladder:
    """Change after how many working days the roles are told in the actor's township; `None` leaves a role out.

    Raises:
        AccessDenied: for anybody but an admin.
        ValueError: as in `escalation.ladder`.
    """
    scope.require(actor, Permission.CALENDAR_CHANGE)
    steps = ladder(after)
    kept = {role.value: count for role, count in after.items()}
    await session.execute(update(Place).where(Place.id == actor.township_id).values(ladder=kept))
    await plannings.touch(session, actor.township_id)
    await audit.write(session, actor, "township:ladder", "place", actor.township_id, kept)
    return steps


async def _close(session: StoreSession, township: PlaceRow, today: date, limit: int) -> int:
    over = ~_alerts.stands(session, today, township.zone)
    some = select(Alert.id).where(Alert.township_id == township.id, IS_OPEN, over).order_by(Alert.id).limit(limit)
    ids = [row.id for row in await session.rows(some)]
    values = {"closed_on": today, "closed_why": _why()}
    return await session.changed(update(Alert).where(Alert.id.in_(ids), IS_OPEN).values(**values)) if ids else 0


def _why() -> ColumnElement[Any]:
    """Return why an alert that doesn't stand any more is over."""
    is_visit, is_decision = Alert.kind == AlertKind.VISIT, Alert.kind == AlertKind.DECISION
    of_alert = (_enrolment.id == Alert.subject_id, _listed.id == _enrolment.resident_id, scope.listed(_listed))
    elsewhere = exists().where(_enrolment.id == Alert.subject_id, _enrolment.village_id != Alert.village_id)
    given = exists().where(
        Decision.id == Alert.subject_id, _owner.id == Decision.owner_id, _owner.place_id != Alert.village_id
    )
    return case(
        (and_(is_visit, ~exists().where(*of_alert)), CloseReason.GONE.value),
        (or_(and_(is_visit, elsewhere), and_(is_decision, given)), CloseReason.PLACED.value),
        else_=CloseReason.DONE.value,
    )


async def _return(session: StoreSession, township: PlaceRow, today: date, limit: int, steps: Ladder) -> int:
    """Open again what was closed and isn't over after all: while it was closed it did not climb."""
    lately = and_(Alert.closed_on >= today - RETURNS_WITHIN, Alert.closed_on <= today)
    statement = select(Alert.id, Alert.since, Alert.closed_on, *_COLUMNS).where(
        Alert.township_id == township.id, lately, _alerts.stands(session, today, township.zone)
    )
    rows = await session.rows(statement.order_by(Alert.id).limit(limit))
    for row in rows:
        await _open_again(session, row, today, steps)
    return len(rows)


async def _open_again(session: StoreSession, row: AnyRow, today: date, steps: Ladder) -> None:
    opened: dict[str, Any] = {"closed_on": None, "closed_why": None}
    if row.closed_on < today:
        before = {role: on for role, on in _climbs.reached(row).items() if on < row.closed_on}
        pause = {"kind": HoldKind.ACKNOWLEDGED, "on": row.closed_on - _DAY, "until": today}
        values = {"id": new_id(), "alert_id": row.id, "entered_at": session.now(), **pause}
        await session.execute(insert(AlertHold), values)
        anew = reckon(row.since, steps, await _climbs.holds(session, row.id))
        opened |= {
            "hold": HoldKind.ACKNOWLEDGED,
            "held_on": pause["on"],
            "held_until": today,
            **_climbs.columns(reckon_again(before, anew, today)),
        }
    await session.execute(update(Alert).where(Alert.id == row.id).values(**opened))


async def _open_visits(session: StoreSession, township: PlaceRow, today: date, limit: int, steps: Ladder) -> int:
    due = Enrolment.next_closes_on.label("due_on")
    here = (_known.kind == AlertKind.VISIT, _known.subject_id == Enrolment.id, _known.due_on == due)
    statement = select(Enrolment.id.label("subject_id"), due, Enrolment.village_id, exists().where(*here).label("was"))
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id).where(
        Enrolment.township_id == township.id,
        _alerts.overdue(today),
        ~exists().where(*here, _known.village_id == Enrolment.village_id),
    )
    rows = await session.rows(statement.order_by(Enrolment.id).limit(limit))
    return await _add(session, township, AlertKind.VISIT, [_found(row, today) for row in rows], steps)


async def _open_decisions(session: StoreSession, township: PlaceRow, today: date, limit: int, steps: Ladder) -> int:
    here = (_known.kind == AlertKind.DECISION, _known.subject_id == Decision.id, _known.due_on == Decision.due_on)
    place = Staff.place_id.label("village_id")
    statement = select(Decision.id.label("subject_id"), Decision.due_on, place, exists().where(*here).label("was"))
    statement = statement.join(Staff, Staff.id == Decision.owner_id).where(
        Decision.township_id == township.id,
        _alerts.overdue_decision(today),
        ~exists().where(*here, _known.village_id == Staff.place_id),
    )
    rows = await session.rows(statement.order_by(Decision.id).limit(limit))
    return await _add(session, township, AlertKind.DECISION, [_found(row, today) for row in rows], steps)


async def _open_days(session: StoreSession, township: PlaceRow, today: date, steps: Ladder) -> int:
    """Open an alert for each village whose last day isn't reported in full after its deadline."""
    zone = ZoneInfo(township.zone)
    days = await checkup_calendar.between(session, township.id, today - _SEARCHED, today)
    last = {village.id: one for village, one in days if is_report_overdue(one.held_on, session.now(), zone)}
    known = await _known_days(session, township.id)
    fresh = {village_id: one for village_id, one in last.items() if (village_id, one.nominal) not in known}
    rows = await _rows_of(session, township, fresh)
    missing = await _rosters.counts(session, list(rows.values()))
    found = [
        {
            "subject_id": village_id,
            "due_on": one.nominal,
            "village_id": village_id,
            "since": local_day(report_deadline(one.held_on, zone), zone),
        }
        for village_id, one in fresh.items()
        if missing.get(rows[village_id], (0, 0))[1]
    ]
    return await _add(session, township, AlertKind.CHECKUP_DAY, found, steps)


async def _rows_of(session: StoreSession, township: PlaceRow, days: Mapping[int, Occurrence]) -> dict[int, int]:
    """Return the row of each village's day; one is made where there is none yet."""
    statement = select(CheckupDay.id, CheckupDay.village_id, CheckupDay.nominal_on)
    statement = statement.where(
        CheckupDay.village_id.in_(days), CheckupDay.nominal_on.in_({one.nominal for one in days.values()})
    )
    there = {(row.village_id, row.nominal_on): int(row.id) for row in await session.rows(statement)}
    found: dict[int, int] = {}
    for village_id, one in days.items():
        row_id = there.get((village_id, one.nominal))
        if row_id is None:
            day = CheckupDate(one.nominal, one.held_on, one.provisional)
            row_id = (await _days.row_of(session, village_id, township.id, day)).id
        found[village_id] = row_id
    return found


async def _known_days(session: StoreSession, township_id: int) -> set[tuple[int, date]]:
    mine = (Alert.township_id == township_id, Alert.kind == AlertKind.CHECKUP_DAY)
    rows = await session.rows(select(Alert.subject_id, Alert.due_on).where(*mine))
    return {(row.subject_id, row.due_on) for row in rows}


def _found(row: AnyRow, today: date) -> dict[str, Any]:
    """Return what is overdue; what came from another place counts from today."""
    since = today if row.was else row.due_on + _DAY
    return {"subject_id": row.subject_id, "due_on": row.due_on, "village_id": row.village_id, "since": since}


async def _add(
    session: StoreSession, township: PlaceRow, kind: AlertKind, found: Sequence[Mapping[str, Any]], steps: Ladder
) -> int:
    if not found:
        return 0
    climbs = {since: _climbs.columns(reckon(since, steps)) for since in {one["since"] for one in found}}
    same = {"kind": kind, "township_id": township.id, "created_at": session.now()}
    values = [{"id": new_id(), **same, **one, **climbs[one["since"]]} for one in found]
    await session.execute(session.insert_or_ignore(Alert, _KEY), values)
    return len(values)


async def _reckon(session: StoreSession, township: PlaceRow, today: date, steps: Ladder) -> int:
    """Follow another ladder, or a calendar that was published since: those of one day are reckoned together."""
    here = and_(Alert.township_id == township.id, IS_OPEN, or_(*(on.is_(None) | (on > today) for on in _COLUMNS)))
    changes = 0
    for row in await session.rows(select(Alert.since, *_COLUMNS).where(here, Alert.hold.is_(None)).distinct()):
        before = _climbs.reached(row)
        after = reckon_again(before, reckon(row.since, steps), today)
        if before != after:
            same = and_(*(column.is_not_distinct_from(getattr(row, column.key)) for column in _COLUMNS))
            alike = update(Alert).where(here, Alert.hold.is_(None), Alert.since == row.since, same)
            changes += await session.changed(alike.values(**_climbs.columns(after)))
    held = await session.rows(select(Alert.id).where(here, Alert.hold.is_not(None)).order_by(Alert.id))
    return changes + sum([await _climbs.again(session, row.id, today, steps) for row in held])
