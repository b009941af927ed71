"""How the outbox stands: counts and ages only, for whoever looks after the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ScalarSelect, func, select

from models.store.database import StoreSession
from models.tables.base import table
from models.tables.inbox import DeadLetter
from models.tables.outbox import OutboxMessage, OutboxState

COUNTED = (
    OutboxState.PLANNED,
    OutboxState.CLAIMED,
    OutboxState.SENDING,
    OutboxState.IN_DOUBT,
    OutboxState.DEAD,
)
"""What is sent or expired is left out: it is many, and says nothing about now."""
_UNSENT = (OutboxState.PLANNED, OutboxState.CLAIMED, OutboxState.SENDING)
_o = table(OutboxMessage).c
_l = table(DeadLetter).c


@dataclass(frozen=True, slots=True)
class Queue:
    """How many messages and updates wait for what.

    Attributes:
        messages: by state, each of `COUNTED`.
        lag: for how many seconds the longest due message has been due and not sent.
        letters: updates that could not be handled and were not replayed.
    """

    messages: Mapping[OutboxState, int]
    lag: float
    letters: int


async def standing(session: StoreSession) -> Queue:
    """Return how the outbox stands now. It reads an index, however much was sent before."""
    counted = select(_o.state, func.count().label("many")).where(_o.state.in_(COUNTED)).group_by(_o.state)
    many = {row.state: row.many for row in await session.rows(counted)}
    letters = await session.scalar(select(func.count()).select_from(table(DeadLetter)).where(_l.replayed_at.is_(None)))
    return Queue({state: many.get(state, 0) for state in COUNTED}, await _lag(session), int(letters))


async def _lag(session: StoreSession) -> float:
    now = session.now()
    first = [_first_due(state, urgent, now) for state in _UNSENT for urgent in (False, True)]
    row = await session.row(select(*first))
    due = [moment for moment in row or () if moment is not None]
    return (now - min(due)).total_seconds() if due else 0.0


def _first_due(state: OutboxState, urgent: bool, now: datetime) -> ScalarSelect[datetime | None]:
    """Return the earliest `due_at`, read from the beginning of a range of the index."""
    here = (_o.state == state, _o.urgent == urgent, _o.due_at <= now)
    return select(func.min(_o.due_at)).where(*here).scalar_subquery()
