"""What was reported, and what waits."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import InstrumentedAttribute

from models.rules.access import Actor
from models.rules.facts import DueState
from models.rules.indicators.work import Report, Waiting
from models.rules.outcomes import EFFECTS, Outcome
from models.rules.periods import Period, month_of
from models.store import due, scope
from models.store.database import StoreSession
from models.store.indicators._months import Found, collect, joined, lies, month_column, within
from models.tables.checkups import Attendance
from models.tables.enrolments import Enrolment, EnrolmentState
from models.tables.residents import Resident
from models.tables.visits import Visit

SERVED = tuple(outcome for outcome, effect in EFFECTS.items() if effect.served)
"""Outcomes with which somebody was served."""


async def reports(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Report]:
    """Return the visits and check-ups that served somebody."""
    visits = and_(lies(actor, villages, Visit), scope.counted(actor, Visit.programme))
    return joined(
        await _reports(session, Visit, Visit.visited_on, visits, months),
        await _reports(session, Attendance, Attendance.held_on, lies(actor, villages, Attendance), months),
    )


async def waiting(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Waiting]:
    """Return the windows that are open, or open by the end of this month, as they stand today, whatever the months.

    The columns are to be up to date (`refresh.within`). The windows are those of `due.list_due`, and of
    `status.by_village`. Any other end would tell, beside this one, of few.
    """
    state = due.state_column(today).label("due_state")
    statement = select(Enrolment.village_id, state, func.count().label("many"))
    statement = statement.join(Resident, Resident.id == Enrolment.resident_id).where(
        lies(actor, villages, Enrolment),
        scope.listed(),
        Enrolment.state == EnrolmentState.ACTIVE,
        scope.counted(actor, Enrolment.programme),
        Enrolment.next_due_on <= month_of(today).last,
    )
    found: Found[Waiting] = {}
    for row in await session.rows(statement.group_by(Enrolment.village_id, "due_state")):
        found.setdefault((row.village_id, months[-1]), []).append((Waiting(DueState(row.due_state)), row.many))
    return found


async def _reports(
    session: StoreSession,
    model: type[Visit] | type[Attendance],
    day: InstrumentedAttribute[date],
    here: ColumnElement[bool],
    months: Sequence[Period],
) -> Found[Report]:
    month = month_column(day, months)
    statement = select(model.village_id, month, model.outcome, func.count().label("many")).where(
        here, within(day, months), model.voided_at.is_(None), model.outcome.in_(SERVED)
    )
    rows = await session.rows(statement.group_by(model.village_id, month, model.outcome))
    return collect(rows, months, lambda row: Report(Outcome(row.outcome)))
