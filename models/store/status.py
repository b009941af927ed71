"""How a township stands: counts by village, never a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import and_, func, select

from models.rules.access import Actor, Permission
from models.rules.facts import DueState
from models.rules.outcomes import EFFECTS
from models.store import audit, due, places, refresh, scope
from models.store.database import StoreSession
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident
from models.tables.visits import Visit

_SERVED = tuple(outcome for outcome, effect in EFFECTS.items() if effect.served)


@dataclass(frozen=True, slots=True)
class StatusLine:
    """A village's month.

    Attributes:
        due: windows that are open today or open later in the month.
        done: visits and check-ups of the month with which somebody was served; a service offered and
            declined counts as served.
        overdue: windows that closed before today and were not used.
    """

    place_id: int
    name: str
    due: int
    done: int
    overdue: int


@dataclass(frozen=True, slots=True)
class StatusPage:
    """All villages, and their sums."""

    lines: tuple[StatusLine, ...]
    due: int
    done: int
    overdue: int


async def by_village(session: StoreSession, actor: Actor, month: date, today: date) -> StatusPage:
    """Return due, done and overdue of each village within reach in the month that contains `month`.

    What is due or overdue is as of `today`: only the present month has it in full.

    Raises:
        AccessDenied: the role reads no counts.
    """
    scope.require(actor, Permission.COUNT_READ)
    await refresh.within(session, actor, today)
    first, last = _bounds(month)
    waiting = await _waiting(session, actor, today, last)
    served = await done(session, actor, first, last)
    lines = tuple(
        StatusLine(
            place.id,
            place.name,
            waiting.get((place.id, DueState.DUE), 0) + waiting.get((place.id, DueState.UPCOMING), 0),
            served.get(place.id, 0),
            waiting.get((place.id, DueState.OVERDUE), 0),
        )
        for place in await places.villages(session, actor.township_id, actor.village_id)
    )
    await audit.write(session, actor, "count:read", "township", actor.township_id)
    return StatusPage(
        lines,
        sum(line.due for line in lines),
        sum(line.done for line in lines),
        sum(line.overdue for line in lines),
    )


def _bounds(month: date) -> tuple[date, date]:
    first = month.replace(day=1)
    return first, (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)


async def _waiting(session: StoreSession, actor: Actor, today: date, until: date) -> dict[tuple[int, DueState], int]:
    state = due.state_column(today).label("due_state")
    statement = (
        select(Enrolment.village_id, state, func.count().label("many"))
        .join(Resident, Resident.id == Enrolment.resident_id)
        .where(
            scope.reach(actor, Enrolment),
            scope.listed(),
            Enrolment.state == EnrolmentState.ACTIVE,
            scope.counted(actor, Enrolment.programme),
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
