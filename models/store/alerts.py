"""What is overdue and has climbed to somebody: counted and listed. What can be done about it: `alert_holds`."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from models.rules.access import Actor, Permission, Role
from models.rules.alerts import AlertKind, AlertState, SnoozeReason, rungs, state_of
from models.rules.due import Reason, Window
from models.rules.escalation import Hold, HoldKind, Ladder, Rung, in_a_row, is_held
from models.rules.programmes.base import Programme
from models.store import (
    _alerts,
    _climbs,
    _facts,
    _rosters,
    audit,
    climbs,
    decisions,
    leaves,
    persons,
    places,
    scope,
    staff,
    status,
)
from models.store._alerts import IS_OPEN
from models.store._records import UNDO_WITHIN
from models.store.database import AnyRow, StoreSession
from models.store.errors import Conflict, NotFound
from models.store.persons import PersonLine
from models.store.places import PlaceRow
from models.store.staff import Member
from models.store.vault import Cell
from models.tables.alerts import Alert, AlertHold
from models.tables.checkups import CheckupDay
from models.tables.enrolments import Enrolment
from models.tables.meetings import Decision
from models.tables.places import Place
from models.tables.residents import Resident
from models.tables.staff import Staff

NOTE = Cell("alert_holds", "note_sealed")


@dataclass(frozen=True, slots=True)
class OverdueVisit:
    """A window that has closed.

    Attributes:
        schedule: the programme, in the version that the person joined.
        reason: why it was due.
        followup_on: an urgent value was measured: to be seen again by this day.
        attempts: how often the person was not reached for it.
    """

    enrolment_id: int
    resident: PersonLine
    schedule: Programme
    window: Window
    reason: Reason
    followup_on: date | None
    attempts: int


@dataclass(frozen=True, slots=True)
class OverdueDay:
    """A check-up day that isn't reported in full: of so many expected, so many are missing."""

    held_on: date
    expected: int
    missing: int


@dataclass(frozen=True, slots=True)
class OverdueDecision:
    """A decision that isn't carried out."""

    decision_id: int
    text: str
    owner: Member


Subject = OverdueVisit | OverdueDay | OverdueDecision


@dataclass(frozen=True, slots=True)
class HoldLine:
    """Something that was done about an alert, and by whom; `by` is `None` when it was over for a while and came back.

    Attributes:
        to: to whom it was given.
        may_undo: the actor has done it just now.
        for_reader: it was done by who stood in for the reader, who was on leave.
    """

    id: int
    kind: HoldKind
    on: date
    until: date | None
    reason: SnoozeReason | None
    note: str | None
    by: Member | None
    to: Member | None
    may_undo: bool
    for_reader: bool


@dataclass(frozen=True, slots=True)
class AlertLine:
    """Something overdue that has reached the reader.

    Attributes:
        place: the village; of a decision, where its owner works.
        due_on: its last day; `since`: the first day overdue.
        held_until: the day on which the climb goes on.
        reached: the rungs that were reached by today; `coming`: those that will be, if nothing is done.
        holds: what was done about it and not taken back, in order.
        in_a_row: on how many days something was done since it last climbed.
        anyway: whom it reached although it was put off: it had been too often.
        assigned: who sees to it.
        stands_in: the reader stands in for somebody on leave whom it has reached.
        about: what is overdue.
    """

    id: int
    kind: AlertKind
    village_id: int
    place: str
    due_on: date
    since: date
    state: AlertState
    held_until: date | None
    reached: tuple[Rung, ...]
    coming: tuple[Rung, ...]
    holds: tuple[HoldLine, ...]
    in_a_row: int
    anyway: frozenset[Role]
    assigned: Member | None
    stands_in: bool
    about: Subject


@dataclass(frozen=True, slots=True)
class AlertPage:
    """A page of a list of `total`, of which `held` are held."""

    total: int
    held: int
    lines: tuple[AlertLine, ...]


@dataclass(frozen=True, slots=True)
class VillageAlerts:
    """A place's alerts: of decisions, the place where their owner works."""

    place_id: int
    name: str
    open: int
    new: int
    held: int


@dataclass(frozen=True, slots=True)
class PlaceAlerts:
    """What has reached one of the township's heads from a place: which kinds of things, not how many people.

    Attributes:
        overdue: of a village with overdue visits, how many of them there are in all, as `status` shows it.
        visits: there are overdue visits; of the township, the clinic's own.
        day: the last check-up day isn't reported in full.
        decisions: how many decisions whose owner works there are not carried out.
        is_new: something has reached the reader today; `is_held`: somebody sees to something, or it waits for a date.
    """

    place_id: int
    name: str
    overdue: int | None
    visits: bool
    day: bool
    decisions: int
    is_new: bool
    is_held: bool


@dataclass(frozen=True, slots=True)
class AlertCounts:
    """What has reached somebody.

    Attributes:
        open: not held.
        new: of these, what has reached the reader today.
        held: somebody sees to it, or it waits for a date: no matter for a digest.
        kinds: `open` by kind.
        villages: places with any, by code.
    """

    open: int
    new: int
    held: int
    kinds: Mapping[AlertKind, int]
    villages: tuple[VillageAlerts, ...]


async def counts(session: StoreSession, actor: Actor, today: date) -> AlertCounts:
    """Return how many alerts have reached the actor: numbers only, for the team of those whom they are about.

    Raises:
        AccessDenied: the role has no due list; such a one reads `by_place`.
    """
    scope.require(actor, Permission.DUE_READ)
    rows = await _counted(session, actor, today)
    township, villages = await places.get(session, actor.township_id), await places.villages(session, actor.township_id)
    lines = [
        VillageAlerts(
            place.id,
            place.name,
            *(sum(getattr(row, each) for row in rows if row.place_id == place.id) for each in ("open", "new", "held")),
        )
        for place in (township, *villages)
    ]
    return AlertCounts(
        sum(line.open for line in lines),
        sum(line.new for line in lines),
        sum(line.held for line in lines),
        {kind: sum(row.open for row in rows if row.kind is kind) for kind in AlertKind},
        tuple(line for line in lines if line.open or line.held),
    )


async def by_place(session: StoreSession, actor: Actor, today: date) -> list[PlaceAlerts]:
    """Return from which places something has reached the actor, by code, the township first.

    What a manager may not know of is the clinic's, and stands with the township.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    rows = await _counted(session, actor, today)
    overdue = {line.place_id: line.overdue for line in (await status.by_village(session, actor, today, today)).lines}
    township, villages = await places.get(session, actor.township_id), await places.villages(session, actor.township_id)
    found = {place: [row for row in rows if row.place_id == place.id] for place in (township, *villages)}
    return [_of_place(place, some, overdue.get(place.id, 0)) for place, some in found.items() if some]


async def _counted(session: StoreSession, actor: Actor, today: date) -> Sequence[AnyRow]:
    """Return how many alerts have reached the actor, by place and kind.

    When each has is asked for once, in a SELECT of its own: to write a statement that says it five times took longer
    than to count.
    """
    place = case((_alerts.is_clinics(actor), Alert.township_id), else_=Alert.village_id)
    each = select(
        *((place if not actor.is_of_team else Alert.village_id).label("place_id"), Alert.kind),
        *(Alert.held_on, Alert.held_until, _alerts.reaches_on(actor, today).label("reached_on")),
    )
    one = each.where(_standing(session, actor, today)).subquery().c
    held = _alerts.waits(one, today, one.reached_on)
    statement = select(
        *(one.place_id, one.kind),
        func.count().filter(~held).label("open"),
        func.count().filter(~held, one.reached_on == today).label("new"),
        func.count().filter(held).label("held"),
    )
    return await session.rows(statement.where(one.reached_on <= today).group_by(one.place_id, one.kind))


def _of_place(place: PlaceRow, rows: Sequence[AnyRow], overdue: int | None) -> PlaceAlerts:
    many = {row.kind: row.open for row in rows}
    return PlaceAlerts(
        place.id,
        place.name,
        overdue,
        bool(many.get(AlertKind.VISIT)),
        bool(many.get(AlertKind.CHECKUP_DAY)),
        many.get(AlertKind.DECISION, 0),
        any(row.new for row in rows),
        any(row.held for row in rows),
    )


async def list_open(session: StoreSession, actor: Actor, today: date, *, limit: int = 5, offset: int = 0) -> AlertPage:
    """Return what has reached the actor: people to see again after a dangerous value first, then the longest overdue.

    What is held stands last. `total` and `held` are of the whole list.

    Raises:
        AccessDenied: the role sees counts only.
    """
    scope.require(actor, Permission.DUE_READ)
    here, held = _here(session, actor, today), _alerts.is_held(today, actor)
    many = await session.row(select(func.count(), func.count().filter(held)).select_from(Alert).where(here))
    rank = case((held, 2), (_alerts.is_urgent(), 0), else_=1)
    statement = _select(actor, today).where(here).order_by(rank, Alert.since, Alert.id)
    rows = await session.rows(statement.limit(limit).offset(offset))
    lines = await _lines(session, actor, rows, today)
    await audit.write(session, actor, "person:read", "alert", None, {"count": len(lines)})
    total, waiting = (many[0], many[1]) if many is not None else (0, 0)
    return AlertPage(total, waiting, tuple(lines))


async def get(session: StoreSession, actor: Actor, alert_id: int, today: date) -> AlertLine:
    """Return one alert that has reached the actor.

    Raises:
        AccessDenied: the role sees counts only.
        NotFound: there is none within reach, or it has not reached the actor.
        Conflict: `alert_closed`: it is over.
    """
    row = await open_row(session, actor, alert_id, today)
    (line,) = await _lines(session, actor, [row], today)
    await audit.write(session, actor, "person:read", "alert", alert_id)
    return line


async def open_row(session: StoreSession, actor: Actor, alert_id: int, today: date, *, locked: bool = False) -> AnyRow:
    """Return the row of an alert that has reached the actor; `locked` until the transaction ends.

    Raises:
        AccessDenied, NotFound, Conflict: as in `get`.
    """
    scope.require(actor, Permission.DUE_READ)
    statement = _select(actor, today).where(Alert.id == alert_id, _here(session, actor, today))
    row = await session.row(statement.with_for_update(of=Alert) if locked and session.is_postgres else statement)
    if row is not None:
        return row
    reached = _alerts.reaches_on(actor, today) <= today
    known = select(Alert.id).where(Alert.id == alert_id, scope.reach(actor, Alert), reached)
    over = known.where(or_(~IS_OPEN, ~_alerts.stands(session, today, actor.zone)))
    raise Conflict("alert_closed") if await session.row(over) is not None else NotFound


async def ladder_of(session: StoreSession, actor: Actor) -> Ladder:
    """Return the ladder of the actor's township.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    return await climbs.ladder_of(session, actor.township_id)


def _select(actor: Actor, today: date) -> Select[*tuple[Any, ...]]:
    columns = (
        Place.name.label("place_name"),
        _alerts.is_held(today, actor).label("waits"),
        _alerts.stands_in(actor, today).label("stands_in"),
    )
    return select(Alert.__table__, *columns).join(Place, Place.id == Alert.village_id)


async def _lines(session: StoreSession, actor: Actor, rows: Sequence[AnyRow], today: date) -> list[AlertLine]:
    ids = {kind: [row.subject_id for row in rows if row.kind is kind] for kind in AlertKind}
    about: dict[tuple[AlertKind, int], Subject] = {
        **await _visits(session, ids[AlertKind.VISIT], today),
        **await _days_of(session, [row for row in rows if row.kind is AlertKind.CHECKUP_DAY]),
        **await _decisions(session, ids[AlertKind.DECISION]),
    }
    done = await _holds(session, actor, [row.id for row in rows])
    staffed = await _members(session, {row.assigned_to for row in rows if row.assigned_to is not None})
    return [
        _line(row, about[row.kind, row.subject_id], done.get(row.id, []), staffed.get(row.assigned_to), today)
        for row in rows
        if (row.kind, row.subject_id) in about
    ]


def _line(row: AnyRow, about: Subject, done: list[HoldLine], assigned: Member | None, today: date) -> AlertLine:
    found = _climbs.reached(row)
    later = {role: on for role, on in found.items() if on > today}
    reached = rungs(found, today)
    holds = [Hold(one.kind, one.on, one.until, one.by is not None) for one in done]
    return AlertLine(
        row.id,
        row.kind,
        row.village_id,
        row.place_name,
        row.due_on,
        row.since,
        state_of(row.held_until if row.waits else None, row.closed_on, today),
        row.held_until,
        reached,
        tuple(sorted((Rung(role, on) for role, on in later.items()), key=lambda rung: rung.on)),
        tuple(done),
        in_a_row(reached, holds),
        frozenset(rung.role for rung in reached if is_held(holds, rung.on)),
        assigned,
        bool(row.stands_in),
        about,
    )


async def _visits(session: StoreSession, ids: Sequence[int], today: date) -> dict[tuple[AlertKind, int], Subject]:
    if not ids:
        return {}
    statement = select(Enrolment.id, Enrolment.followup_on, Enrolment.attempts, *persons.COLUMNS)
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id).where(Enrolment.id.in_(ids))
    known = await _facts.load(session, ids)
    found: dict[tuple[AlertKind, int], Subject] = {}
    for row in await session.rows(statement):
        due = known[row.id].due(today)
        if due.window is not None:
            schedule, person = known[row.id].facts.programme, persons.read(session, row)
            about = OverdueVisit(row.id, person, schedule, due.window, due.reason, row.followup_on, row.attempts)
            found[AlertKind.VISIT, row.id] = about
    return found


async def _days_of(session: StoreSession, rows: Sequence[AnyRow]) -> dict[tuple[AlertKind, int], Subject]:
    wanted = {(row.subject_id, row.due_on) for row in rows}
    statement = select(CheckupDay.id, CheckupDay.village_id, CheckupDay.nominal_on, CheckupDay.held_on).where(
        CheckupDay.village_id.in_([row.subject_id for row in rows]),
        CheckupDay.nominal_on.in_([row.due_on for row in rows]),
    )
    days = [row for row in await session.rows(statement) if (row.village_id, row.nominal_on) in wanted] if rows else []
    many = await _rosters.counts(session, [row.id for row in days])
    return {(AlertKind.CHECKUP_DAY, row.village_id): OverdueDay(row.held_on, *many.get(row.id, (0, 0))) for row in days}


async def _decisions(session: StoreSession, ids: Sequence[int]) -> dict[tuple[AlertKind, int], Subject]:
    statement = select(Decision.id, Decision.text_sealed, Decision.owner_id).where(Decision.id.in_(ids))
    rows = await session.rows(statement) if ids else ()
    owners = await _members(session, {row.owner_id for row in rows})
    return {
        (AlertKind.DECISION, row.id): OverdueDecision(
            row.id, session.vault.open_text(decisions.TEXT, row.id, row.text_sealed), owners[row.owner_id]
        )
        for row in rows
    }


async def _holds(session: StoreSession, actor: Actor, ids: Sequence[int]) -> dict[int, list[HoldLine]]:
    statement = select(AlertHold.__table__).where(AlertHold.alert_id.in_(ids), AlertHold.voided_at.is_(None))
    rows = await session.rows(statement.order_by(AlertHold.entered_at, AlertHold.id)) if ids else ()
    staffed = await _members(session, {each for row in rows for each in (row.entered_by, row.assigned_to) if each})
    absences = await leaves.absences(session, actor) if rows else []
    found: dict[int, list[HoldLine]] = {}
    for row in rows:
        note = session.vault.open_text(NOTE, row.id, row.note_sealed)
        by, to = staffed.get(row.entered_by), staffed.get(row.assigned_to)
        is_fresh = row.entered_by == actor.staff_id and session.now() - row.entered_at <= UNDO_WITHIN
        for_reader = any(one.covers(row.entered_by, row.on) for one in absences)
        line = HoldLine(row.id, row.kind, row.on, row.until, row.reason, note, by, to, is_fresh, for_reader)
        found.setdefault(row.alert_id, []).append(line)
    return found


async def _members(session: StoreSession, ids: Collection[int]) -> dict[int, Member]:
    statement = select(Staff.id, Staff.role, Place.name, Staff.name_sealed, Staff.active)
    statement = statement.join(Place, Place.id == Staff.place_id).where(Staff.id.in_(ids))
    rows = await session.rows(statement) if ids else ()
    return {row.id: member_of(session, row) for row in rows}


def member_of(session: StoreSession, row: AnyRow) -> Member:
    """Return a row of staff and place as a member."""
    name = session.vault.open_text(staff.NAME, row.id, row.name_sealed)
    return Member(row.id, row.role, row.name, name, row.active)


def _here(session: StoreSession, actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that an alert is open, stands, lies within reach and has reached the actor."""
    return and_(_standing(session, actor, today), _alerts.reaches_on(actor, today) <= today)


def _standing(session: StoreSession, actor: Actor, today: date) -> ColumnElement[bool]:
    """Return the condition that an alert is open, stands and lies within reach."""
    return and_(scope.reach(actor, Alert), IS_OPEN, _alerts.stands(session, today, actor.zone, actor))
