"""Answers about satisfaction by village; those whose village isn't kept, by the township."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from sqlalchemy import func, or_, select

from models.rules.access import Actor
from models.rules.periods import Period
from models.rules.satisfaction import Satisfaction
from models.store import scope
from models.store.database import StoreSession
from models.store.indicators._months import Found, collect, month_column, within
from models.tables.satisfaction import SatisfactionAnswer, SatisfactionAsked


async def answers(
    session: StoreSession, actor: Actor, villages: Sequence[int], months: Sequence[Period], _today: date
) -> Found[Satisfaction]:
    """Return the answers of the months; those of none of the villages belong to the township."""
    model = SatisfactionAnswer
    month, place = month_column(model.month, months), func.coalesce(model.village_id, model.township_id)
    here = or_(model.village_id.is_(None), model.village_id.in_(villages))
    statement = select(place.label("village_id"), month, model.answer, func.count().label("many")).where(
        scope.reach(actor, model), here, within(model.month, months)
    )
    rows = await session.rows(statement.group_by(place, month, model.answer))
    return collect(rows, months, lambda row: Satisfaction(row.answer))


async def asked(session: StoreSession, actor: Actor, months: Sequence[Period]) -> dict[Period, int]:
    """Return how many of the township's residents were asked, by month."""
    model = SatisfactionAsked
    here = (model.township_id == actor.township_id, within(model.month, months))
    found = {row.month: row.asked for row in await session.rows(select(model.month, model.asked).where(*here))}
    return {month: found.get(month.first, 0) for month in months}
