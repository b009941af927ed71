"""Who is due: the list that a manager works off, the most urgent first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, exists, func, select

from models.rules.access import Actor, Permission
from models.rules.due import Reason, Window
from models.rules.facts import DueState
from models.rules.programmes.base import Programme
from models.store import _alerts, _facts, audit, persons, places, refresh, scope
from models.store.database import AnyRow, StoreSession
from models.store.persons import PersonLine
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident

AHEAD = timedelta(days=14)
"""So far ahead upcoming items are listed (convention)."""
STATES = (DueState.OVERDUE, DueState.DUE, DueState.UPCOMING)


@dataclass(frozen=True, slots=True)
class DueLine:
    """One thing to do.

    Attributes:
        schedule: the programme, in the version that the person joined.
        reason: why it is due.
        days: overdue: days since the window closed; due: days left, 0 is the last one; upcoming: days until it
            opens.
        attempts: how often the person was not reached for it.
        followup_on: an urgent value was measured: to be seen again by this day.
    """

    enrolment_id: int
    resident: PersonLine
    programme: str
    schedule: Programme
    item: str
    state: DueState
    window: Window
    reason: Reason
    days: int
    attempts: int
    followup_on: date | None


@dataclass(frozen=True, slots=True)
class VillageDue:
    """How many are overdue, due and upcoming within 14 days in a village."""

    village_id: int
    name: str
    overdue: int
    due: int
    upcoming: int


@dataclass(frozen=True, slots=True)
class DayCount:
    """How many of one state have windows that close on one day.

    Attributes:
        danger: they are to be seen again after a dangerous value.
    """

    state: DueState
    danger: bool
    closes_on: date
    many: int


@dataclass(frozen=True, slots=True)
class DuePage:
    """A page of the list. `total` and `counts` are of the whole list."""

    total: int
    counts: Mapping[DueState, int]
    lines: tuple[DueLine, ...]


async def list_due(
    session: StoreSession,
    actor: Actor,
    today: date,
    *,
    village_id: int | None = None,
    limit: int = 10,
    offset: int = 0,
) -> DuePage:
    """Return whom to see again after a dangerous value, who is overdue (longest first), due (closing first), or
    upcoming within 14 days.

    Only programmes that the actor's role may know of, only people who are listed. A village narrows it.

    Raises:
        AccessDenied: the role has no due list.
        NotFound: the village is out of reach.
    """
    scope.require(actor, Permission.DUE_READ)
    here = await _here(session, actor, village_id)
    await refresh.within(session, actor, today, village_id)
    counts = await _counts(session, here, today)
    lines = await _lines(session, here, today, limit, offset)
    total = sum(counts.values())
    await audit.write(session, actor, "person:read", "due", None, {"count": len(lines)})
    return DuePage(total, counts, tuple(lines))


async def by_village(session: StoreSession, actor: Actor, today: date) -> list[VillageDue]:
    """Return the numbers of `list_due` for each village within reach, by code, without people.

    Raises:
        AccessDenied: the role has no due list.
    """
    scope.require(actor, Permission.DUE_READ)
    here = await _here(session, actor, None)
    await refresh.within(session, actor, today)
    state = state_column(today).label("due_state")
    statement = select(Enrolment.village_id, state, func.count().label("many")).join(
        Resident, Resident.id == Enrolment.resident_id
    )
    statement = statement.where(here, Enrolment.next_due_on <= today + AHEAD)
    rows = await session.rows(statement.group_by(Enrolment.village_id, "due_state"))
    many = {(row.village_id, DueState(row.due_state)): row.many for row in rows}
    villages = await places.villages(session, actor.township_id, actor.village_id)
    return [VillageDue(place.id, place.name, *(many.get((place.id, each), 0) for each in STATES)) for place in villages]


async def by_day(session: StoreSession, actor: Actor, today: date) -> list[DayCount]:
    """Return the numbers of `list_due` by state and day, without people, and without what is snoozed.

    Raises:
        AccessDenied: the role has no due list.
    """
    scope.require(actor, Permission.DUE_READ)
    here = await _here(session, actor, None)
    await refresh.within(session, actor, today)
    state, closes = state_column(today).label("due_state"), Enrolment.next_closes_on
    danger = Enrolment.followup_on.is_not(None).label("danger")
    statement = select(state, danger, closes, func.count().label("many"))
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id)
    waits = exists().where(_alerts.is_snoozed(today), *_alerts.of_visit(Enrolment))
    statement = statement.where(here, Enrolment.next_due_on <= today + AHEAD, ~waits)
    rows = await session.rows(statement.group_by("due_state", "danger", closes))
    return [DayCount(DueState(row.due_state), bool(row.danger), row.next_closes_on, row.many) for row in rows]


async def _here(session: StoreSession, actor: Actor, village_id: int | None) -> ColumnElement[bool]:
    conditions = [
        scope.reach(actor, Enrolment),
        scope.listed(),
        Enrolment.state == EnrolmentState.ACTIVE,
        Enrolment.programme.in_(scope.visible(actor)),
    ]
    if village_id is not None:
        village = await scope.village(session, actor, village_id)
        conditions.append(Enrolment.village_id == village.id)
    return and_(*conditions)


def state_column(today: date) -> ColumnElement[str]:
    """Return the state of an enrolment's window on `today`, as `rules.due.state_of` has it."""
    return case(
        (Enrolment.next_closes_on < today, DueState.OVERDUE.value),
        (Enrolment.next_due_on <= today, DueState.DUE.value),
        else_=DueState.UPCOMING.value,
    )


async def _counts(session: StoreSession, here: ColumnElement[bool], today: date) -> dict[DueState, int]:
    state = state_column(today)
    statement = select(state.label("due_state"), func.count().label("many")).join(
        Resident, Resident.id == Enrolment.resident_id
    )
    statement = statement.where(here, Enrolment.next_due_on <= today + AHEAD).group_by("due_state")
    found = {DueState(row.due_state): row.many for row in await session.rows(statement)}
    return {each: found.get(each, 0) for each in STATES}


async def _lines(
    session: StoreSession, here: ColumnElement[bool], today: date, limit: int, offset: int
) -> list[DueLine]:
    statement = _select().where(here, Enrolment.next_due_on <= today + AHEAD)
    rows = await session.rows(statement.order_by(*_urgency(today)).limit(limit).offset(offset))
    known = await _facts.load(session, [row.id for row in rows])
    return [line for row in rows if (line := _line(session, row, known[row.id], today)) is not None]


def _urgency(today: date) -> tuple[Any, ...]:
    """Order by urgency: after a dangerous value first, then overdue, due, upcoming; each by its day."""
    is_open = Enrolment.next_due_on <= today
    rank = case((Enrolment.followup_on.is_not(None), 0), (Enrolment.next_closes_on < today, 1), (is_open, 2), else_=3)
    day = case((Enrolment.next_due_on <= today, Enrolment.next_closes_on), else_=Enrolment.next_due_on)
    return rank, day, Enrolment.id


def _select() -> Select[*tuple[Any, ...]]:
    return select(Enrolment.id, Enrolment.programme, Enrolment.followup_on, *persons.COLUMNS).join(
        Resident, Resident.id == Enrolment.resident_id
    )


def _line(session: StoreSession, row: AnyRow, known: _facts.Known, today: date) -> DueLine | None:
    due = known.due(today)
    window = due.window
    if window is None:
        return None
    return DueLine(
        row.id,
        persons.read(session, row),
        row.programme,
        known.facts.programme,
        window.item,
        due.state,
        window,
        due.reason,
        _days(due.state, window, today),
        due.attempts,
        row.followup_on,
    )


def _days(state: DueState, window: Window, today: date) -> int:
    if state is DueState.OVERDUE:
        return (today - window.closes_on).days
    return (window.closes_on - today if state is DueState.DUE else window.opens_on - today).days
