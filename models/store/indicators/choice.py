"""Talks about methods: how many were explained and whose the decision was, never which."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, select

from models.rules.access import Actor
from models.rules.indicators.choice import Talk
from models.rules.periods import Period
from models.store.database import StoreSession
from models.store.indicators._months import Found, collect, lies, month_column, within
from models.tables.counsellings import Counselling


async def talks(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], today: date
) -> Found[Talk]:
    """Return the talks of the months."""
    month = month_column(Counselling.counselled_on, months)
    columns = (Counselling.village_id, month, Counselling.explained, Counselling.decision_own)
    statement = select(*columns, func.count().label("many")).where(
        lies(actor, villages, Counselling), within(Counselling.counselled_on, months), Counselling.voided_at.is_(None)
    )
    rows = await session.rows(statement.group_by(*columns))
    return collect(rows, months, lambda row: Talk(row.explained, row.decision_own))
