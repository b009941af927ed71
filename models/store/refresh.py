"""Following time: where an answer of `rules.due` changes by the passing of days, the columns follow.

Lists and counts call it for what they are about to read, so that they are right even where no planner runs;
the planner's calls keep them fast.
"""

from __future__ import annotations

from datetime import date

from sqlalchemy import ColumnElement, select

from models.rules.access import Actor
from models.store import _facts, scope
from models.store.database import StoreSession
from models.tables.enrolments import Enrolment


async def within(session: StoreSession, actor: Actor, today: date, village_id: int | None = None) -> int:
    """Bring every enrolment within the actor's reach, or of one village of it, up to `today`.

    Returns how many had to be computed again.
    """
    here = scope.reach(actor, Enrolment)
    return await _all(session, today, here & (Enrolment.village_id == village_id) if village_id else here)


async def step(session: StoreSession, township_id: int, today: date, limit: int = _facts.BATCH) -> int:
    """Bring up to `limit` enrolments of a township up to `today`; returns how many. For the planner."""
    here = (Enrolment.township_id == township_id) & (Enrolment.refresh_on <= today)
    return await _some(session, today, here, limit)


async def _all(session: StoreSession, today: date, where: ColumnElement[bool]) -> int:
    total, found = 0, 1
    while found:
        found = await _some(session, today, where & (Enrolment.refresh_on <= today), _facts.BATCH)
        total += found
    return total


async def _some(session: StoreSession, today: date, where: ColumnElement[bool], limit: int) -> int:
    # Locked first: a report that commits in between would be overwritten with what was true before it.
    statement = select(Enrolment.id).where(where).order_by(Enrolment.id).limit(limit)
    rows = await session.rows(statement.with_for_update() if session.is_postgres else statement)
    await _facts.recompute(session, [row.id for row in rows], today)
    return len(rows)
