"""Complaints whose last day has passed, by the village that they are about; others by the township."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import median

from sqlalchemy import func, or_, select

from models.rules.access import Actor
from models.rules.complaints import ComplaintOutcome
from models.rules.disclosure import LARGEST_SMALL
from models.rules.indicators.complaints import Answered
from models.rules.periods import Period
from models.store import scope
from models.store.database import StoreSession
from models.store.indicators._months import Found, collect, month_column, within
from models.tables.complaints import Complaint


async def due(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Answered]:
    """Return the complaints that had to be answered by a day of the months, and before today.

    Those about none of the villages belong to the township.
    """
    month = month_column(Complaint.due_on, months)
    place = func.coalesce(Complaint.village_id, Complaint.township_id)
    what = (Complaint.due_on, Complaint.answered_on, Complaint.outcome)
    here = or_(Complaint.village_id.is_(None), Complaint.village_id.in_(villages))
    statement = select(place.label("village_id"), month, *what, func.count().label("many")).where(
        scope.reach(actor, Complaint), here, within(Complaint.due_on, months), Complaint.due_on < today
    )
    rows = await session.rows(statement.group_by(place, month, *what))
    return collect(rows, months, lambda row: Answered(row.due_on, row.answered_on, row.outcome))


async def days(session: StoreSession, actor: Actor, months: Sequence[Period], today: date) -> float | None:
    """Return the median days from complaint to answer; `None` where so few were answered that it would tell of one."""
    statement = select(Complaint.received_on, Complaint.answered_on).where(
        scope.reach(actor, Complaint),
        within(Complaint.due_on, months),
        Complaint.due_on < today,
        Complaint.answered_on.is_not(None),
        Complaint.outcome != ComplaintOutcome.WITHDRAWN,
    )
    taken = [(row.answered_on - row.received_on).days for row in await session.rows(statement)]
    return median(taken) if len(taken) > LARGEST_SMALL else None
