"""When messages may leave, agreed upon by every process: a pause the chat network asked for, and booked moments."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import ColumnElement, delete, exists, select, update

from models.store.database import AnyRow, StoreSession
from models.tables.base import table
from models.tables.outbox import SendingGate, SendingPace
from models.tables.staff import Staff

EVERYBODY = 0
"""The gate that holds every chat."""
_PACE = 1
_LONGEST_QUEUE = timedelta(seconds=60)
"""Moments booked further ahead than this were booked before the clock was set back."""
_g, _p = table(SendingGate).c, table(SendingPace).c


async def close(session: StoreSession, chat_id: int, seconds: float) -> None:
    """Let nothing leave for a chat (or `EVERYBODY`) for `seconds`; a longer pause stays."""
    now = session.now()
    opens = now + timedelta(seconds=seconds)
    await session.execute(
        session.insert_or_ignore(SendingGate, ["chat_id"]), {"chat_id": chat_id, "set_at": now, "opens_at": now}
    )
    shorter = (_g.chat_id == chat_id, _g.opens_at < opens)
    await session.execute(update(table(SendingGate)).where(*shorter).values(set_at=now, opens_at=opens))


async def opens_in(session: StoreSession, *chat_ids: int) -> float:
    """Return the seconds until messages may leave for all of these chats; 0 when they may now."""
    now = session.now()
    closed = select(_g.chat_id, _g.set_at, _g.opens_at).where(_g.chat_id.in_(chat_ids), _g.opens_at > now)
    return max([await _rest(session, row) for row in await session.rows(closed)], default=0.0)


def is_closed(session: StoreSession) -> ColumnElement[bool]:
    """Return the condition that messages to a member of staff have to wait."""
    return exists().where(_g.chat_id == Staff.chat_id, _g.opens_at > session.now(), _g.set_at <= session.now())


async def turn(session: StoreSession) -> timedelta:
    """Wait for this process's turn to book moments; return how far ahead others have booked."""
    now = session.now()
    statement = select(_p.free_at).where(_p.id == _PACE)
    row = await session.row(statement.with_for_update() if session.is_postgres else statement)
    if row is None:
        await session.execute(session.insert_or_ignore(SendingPace, ["id"]), {"id": _PACE, "free_at": now})
        row = await session.row(statement.with_for_update() if session.is_postgres else statement)
    ahead: timedelta = row.free_at - now if row is not None else timedelta(0)
    return ahead if timedelta(0) < ahead <= _LONGEST_QUEUE else timedelta(0)


async def book(session: StoreSession, ahead: timedelta, count: int, every: timedelta) -> None:
    """Book `count` moments, `every` apart, behind what `turn` returned as `ahead`."""
    free = session.now() + ahead + count * every
    await session.execute(update(table(SendingPace)).where(_p.id == _PACE).values(free_at=free))


async def prune(session: StoreSession) -> int:
    """Delete the pauses that are over; returns how many."""
    return await session.changed(delete(table(SendingGate)).where(_g.opens_at <= session.now()))


async def _rest(session: StoreSession, row: AnyRow) -> float:
    """Return what is left of a pause; one that was set in the future (the clock was set back) begins anew."""
    now = session.now()
    if row.set_at > now:
        opens = now + (row.opens_at - row.set_at)
        mine = update(table(SendingGate)).where(_g.chat_id == row.chat_id)
        await session.execute(mine.values(set_at=now, opens_at=opens))
        return float((opens - now).total_seconds())
    return float((row.opens_at - now).total_seconds())
