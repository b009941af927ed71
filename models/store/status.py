"""How a township stands: counts by village, never a person.

Whoever is not of the villages' team gets no small number: see `models.rules.suppression`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select

from models.rules.access import Actor, Permission
from models.rules.facts import DueState
from models.rules.outcomes import EFFECTS
from models.rules.suppression import Column, column, exact
from models.store import audit, due, places, refresh, scope
from models.store.database import StoreSession
from models.store.places import PlaceRow
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident
from models.tables.visits import Visit

_TO_COME, _LATE = (DueState.DUE, DueState.UPCOMING), (DueState.OVERDUE,)
_SERVED = tuple(outcome for outcome, effect in EFFECTS.items() if effect.served)


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A village's month. A number that is small, and not for the reader, is `None`.

    Attributes:
        due: windows that are open today or open later in the month.
        done: visits and check-ups of the month with which somebody was served; a service offered and
            declined counts as served. Whoever is not of the team is told it by `indicators.figures` alone.
        overdue: windows that closed before today and were not used.
    """

    place_id: int
    name: str
    due: int | None
    done: int | None
    overdue: int | None


@dataclass(frozen=True, slots=True)
class StatusPage:
    """All villages, and their sums: `None` for one that is small, or would give a small number away.

    Attributes:
        is_past: the month is over, so that only `done` tells of it: what is due or overdue is so now.
    """

    lines: tuple[StatusLine, ...]
    due: int | None
    done: int | None
    overdue: int | None
    is_past: bool


async def by_village(
    session: StoreSession, actor: Actor, month: date, today: date, *, aloud: bool = False
) -> StatusPage:
    """Return due, done and overdue of each village within reach in the month that contains `month`.

    Args:
        session: the database.
        actor: who asks.
        month: any day of the month; of one that is over, only what was done is told.
        today: what is due or overdue is as of this day.
        aloud: it is said in a group, where others read it.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    await refresh.within(session, actor, today)
    first, last = month_of(month)
    villages = await places.villages(session, actor.township_id, actor.village_id)
    waiting = {} if last < today else await _waiting(session, actor, today, last, aloud)
    is_own = actor.is_of_team and not aloud
    served = await done(session, actor, first, last) if is_own else {}
    numbers = _numbers(actor, aloud)
    due_, late = (numbers([_sum(waiting, one.id, states) for one in villages]) for states in (_TO_COME, _LATE))
    did = exact(served.get(one.id, 0) for one in villages) if is_own else Column((None,) * len(villages), None)
    await audit.write(session, actor, "count:read", "township", actor.township_id)
    return _page(villages, due_, did, late, is_past=last < today)


def _page(villages: Sequence[PlaceRow], due_: Column, did: Column, late: Column, *, is_past: bool) -> StatusPage:
    cells = zip(villages, due_.cells, did.cells, late.cells, strict=True)
    lines = tuple(StatusLine(place.id, place.name, *numbers) for place, *numbers in cells)
    return StatusPage(lines, due_.total, did.total, late.total, is_past)


def _numbers(actor: Actor, aloud: bool) -> Callable[[Sequence[int]], Column]:
    return exact if actor.is_of_team and not aloud else column


def _sum(waiting: Mapping[tuple[int, DueState], int], place_id: int, states: Sequence[DueState]) -> int:
    return sum(waiting.get((place_id, state), 0) for state in states)


def month_of(day: date) -> tuple[date, date]:
    """Return the first and the last day of the month of a day."""
    first = day.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


async def _waiting(
    session: StoreSession, actor: Actor, today: date, until: date, aloud: bool
) -> dict[tuple[int, DueState], int]:
    state = due.state_column(today).label("due_state")
    statement = (
        select(Enrolment.village_id, state, func.count().label("many"))
        .join(Resident, Resident.id == Enrolment.resident_id)
        .where(
            scope.reach(actor, Enrolment),
            scope.listed(),
            Enrolment.state == EnrolmentState.ACTIVE,
            scope.counted(actor, Enrolment.programme, aloud=aloud),
            Enrolment.next_due_on <= until,
        )
        .group_by(Enrolment.village_id, "due_state")
    )
    return {(row.village_id, DueState(row.due_state)): row.many for row in await session.rows(statement)}


async def done(session: StoreSession, actor: Actor, first: date, last: date) -> dict[int, int]:
    """Return with how many visits and check-ups somebody was served from `first` to `last`, by village."""
    found: dict[int, int] = {}
    checkups = scope.reach(actor, Attendance)
    visits = and_(scope.reach(actor, Visit), scope.counted(actor, Visit.programme))
    for model, day, here in ((Visit, Visit.visited_on, visits), (Attendance, Attendance.held_on, checkups)):
        statement = (
            select(model.village_id, func.count().label("many"))
            .where(
                here,
                day.between(first, last),
                model.voided_at.is_(None),
                model.outcome.in_(_SERVED),
            )
            .group_by(model.village_id)
        )
        for row in await session.rows(statement):
            found[row.village_id] = found.get(row.village_id, 0) + row.many
    return found
