"""Sending what was planned: claimed under a lease, looked at again, marked.

A message is claimed under a name that nobody else uses (`owner`), for as long as a lease. Every later step names
the owner again, so that one whose lease ran out, and whose message another process took up, changes nothing. While
a message to somebody is on its way, nobody else takes another one for the same person: order and distance hold.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, exists, select, update
from sqlalchemy.orm import aliased

from models.rules.access import Actor
from models.rules.quiet import Quiet
from models.store import catalogues, pacing, plannings
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession
from models.tables.base import table
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.places import Place
from models.tables.staff import Staff

LEASE = timedelta(seconds=120)
"""So long a claimed message is its owner's."""
UNDER_WAY = (OutboxState.CLAIMED, OutboxState.SENDING)


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that its owner is to send now.

    Attributes:
        details: codes and counts that the words need.
        attempts: how often it was tried before.
        may_repeat: it may have arrived already.
        to: whom it is for.
        is_active: whether that person still works here.
        is_unreachable: whether the last message to that person did not arrive.
        quiet: that person's quiet hours.
        chat_id, user_id: the private chat and the account.
        is_post: it is said in a group or channel: `chat_id` is that one.
    """

    id: int
    kind: str
    subject_id: int
    occurrence: str
    details: Mapping[str, Detail]
    attempts: int
    may_repeat: bool
    urgent: bool
    expires_at: datetime
    to: Actor
    is_active: bool
    is_unreachable: bool
    quiet: Quiet
    chat_id: int
    user_id: int
    is_post: bool = False


_o = table(OutboxMessage).c
_other = table(OutboxMessage).alias("other")
_MINE = (_o.id == bindparam("message"), _o.owner == bindparam("owned"))
_FREE: dict[str, Any] = {"owner": None, "lease_until": None}


async def claim(
    session: StoreSession,
    owner: str,
    limit: int,
    held: Collection[str] = (),
    every: timedelta = timedelta(0),
    busy: Collection[int] = (),
) -> tuple[list[Claimed], timedelta]:
    """Make up to `limit` messages that are due the `owner`'s; return them, and in how long the first may leave.

    Urgent ones come first, then the longest due. What a process left behind is due again when its lease is over:
    what it had begun to send may be a repeat, or is `IN_DOUBT` from now on when its kind is one of `held`. The
    moments at which they may leave, `every` apart, are booked for them. What the caller itself is `busy` with is left
    alone, though its lease may be over: a large file takes its time, and a clock may be moved.
    """
    if await pacing.opens_in(session, pacing.EVERYBODY):
        return [], timedelta(0)
    ahead = await pacing.turn(session)
    await _bound_leases(session)
    await _hold_left(session, held, busy)
    rows = await _due(session, limit, busy)
    if not rows:
        return [], timedelta(0)
    await pacing.book(session, ahead, len(rows), every)
    await _take(session, owner, rows)
    return [await _claimed(session, row) for row in await session.rows(_claims(owner))], ahead


async def is_anything_due(session: StoreSession) -> bool:
    """Return whether anything could be claimed, pauses aside."""
    statement = select(_o.id).where(_o.state == OutboxState.PLANNED, _o.due_at <= session.now())
    left = select(_o.id).where(_o.state.in_(UNDER_WAY), _is_left(session))
    return (await session.row(statement.limit(1)) or await session.row(left.limit(1))) is not None


async def keep(session: StoreSession, message_id: int, owner: str) -> bool:
    """Begin the lease anew: something has to be made first. `False` when it is another's by now."""
    return await _step(session, message_id, owner, OutboxState.CLAIMED, {"lease_until": session.now() + LEASE})


async def mark_sending(session: StoreSession, message_id: int, owner: str) -> bool:
    """Note that the request is about to leave; commit before it does. `False` when it is another's by now."""
    values = {"state": OutboxState.SENDING, "lease_until": session.now() + LEASE}
    return await _step(session, message_id, owner, OutboxState.CLAIMED, values)


async def mark_sent(session: StoreSession, message_id: int, owner: str, sent_as: int | None) -> bool:
    """Note that it has arrived, as message `sent_as` of the chat."""
    values = {"message_id": sent_as, "last_error": None, **_ended(session, OutboxState.SENT)}
    return await _step(session, message_id, owner, OutboxState.SENDING, values)


async def put_back(
    session: StoreSession, message_id: int, owner: str, wait: timedelta, error: str | None, *, may_repeat: bool
) -> bool:
    """Let it be due again after `wait`; with `may_repeat` it will say that it may be a repeat."""
    values = {"attempts": _o.attempts + 1, "last_error": error[:80] if error else None, **_planned(session, wait)}
    if may_repeat:
        values |= {"may_repeat": True, "doubted_at": session.now()}
    return await _step(session, message_id, owner, None, values)


async def postpone(session: StoreSession, message_id: int, owner: str, wait: timedelta) -> bool:
    """Let what was claimed be due again after `wait`: nothing was tried."""
    return await _step(session, message_id, owner, None, _planned(session, wait))


async def mark_in_doubt(session: StoreSession, message_id: int, owner: str, error: str) -> bool:
    """Hold what may have arrived and is not worth a repeat."""
    values = {"last_error": error[:80], "doubted_at": session.now(), **_ended(session, OutboxState.IN_DOUBT)}
    return await _step(session, message_id, owner, None, values)


async def mark_dead(session: StoreSession, message_id: int, owner: str, error: str) -> bool:
    """Note that it can never arrive, and why: the name of an error's class or a code."""
    return await _step(
        session, message_id, owner, None, {"last_error": error[:80], **_ended(session, OutboxState.DEAD)}
    )


async def mark_expired(session: StoreSession, message_id: int, owner: str, reason: str) -> bool:
    """Note that it makes no sense any more, and why: a code."""
    values = {"last_error": reason[:80], **_ended(session, OutboxState.EXPIRED)}
    return await _step(session, message_id, owner, None, values)


async def release(session: StoreSession, owner: str) -> int:
    """Give back what the owner has not begun to send; returns how many."""
    mine = update(table(OutboxMessage)).where(_o.owner == owner, _o.state == OutboxState.CLAIMED)
    return await session.changed(mine.values(state=OutboxState.PLANNED, **_FREE))


async def note_reach(session: StoreSession, staff_id: int, *, reached: bool) -> None:
    """Remember whether messages arrive at a member of staff."""
    mine = update(table(Staff)).where(table(Staff).c.id == staff_id)
    if not reached:
        mine = mine.where(table(Staff).c.unreachable_since.is_(None))
    await session.execute(mine.values(unreachable_since=None if reached else session.now()))


async def _bound_leases(session: StoreSession) -> None:
    """Shorten leases that reach further than any lease: the clock was set back since they were taken."""
    longest = session.now() + LEASE
    late = update(table(OutboxMessage)).where(_o.state.in_(UNDER_WAY), _o.lease_until > longest)
    await session.execute(late.values(lease_until=longest))


async def _hold_left(session: StoreSession, held: Collection[str], busy: Collection[int]) -> None:
    left = (_o.state == OutboxState.SENDING, _is_left(session), _o.kind.in_(held), _o.id.not_in(busy))
    values = {"last_error": "left", "doubted_at": session.now(), **_ended(session, OutboxState.IN_DOUBT)}
    held_now = update(table(OutboxMessage)).where(*left).values(**values).returning(_o.township_id, _o.chat_id)
    for row in (await session.execute(held_now)).all():
        if row.chat_id is not None:  # of what was to stand in a group or channel, somebody is told
            await plannings.touch(session, row.township_id)


async def _due(session: StoreSession, limit: int, busy: Collection[int]) -> list[AnyRow]:
    """Return what can be claimed: what others left first, then what is due."""
    left = select(_o.id, _o.state).where(_o.state.in_(UNDER_WAY), _is_left(session), _o.id.not_in(busy))
    left = left.order_by(_o.due_at, _o.id)
    rows = list(await session.rows(_skipping(session, left.limit(limit))))
    if len(rows) < limit:
        due = select(_o.id, _o.state).join(Staff, Staff.id == _o.recipient_id)
        due = due.where(_o.state == OutboxState.PLANNED, _o.due_at <= session.now(), ~pacing.is_closed(session))
        due = due.where(~_is_on_its_way()).order_by(_o.urgent.desc(), _o.due_at, _o.id)
        rows += await session.rows(_skipping(session, due.limit(limit - len(rows))))
    return rows


async def _take(session: StoreSession, owner: str, rows: Sequence[AnyRow]) -> None:
    values = {"state": OutboxState.CLAIMED, "owner": owner, "lease_until": session.now() + LEASE}
    mine = update(table(OutboxMessage)).where(_o.id.in_([row.id for row in rows]))
    await session.execute(mine.values(**values))
    begun = [row.id for row in rows if row.state is OutboxState.SENDING]
    if begun:
        doubted = {"may_repeat": True, "doubted_at": session.now()}
        await session.execute(update(table(OutboxMessage)).where(_o.id.in_(begun)).values(**doubted))


def _is_left(session: StoreSession) -> ColumnElement[bool]:
    return _o.lease_until < session.now()


def _is_on_its_way() -> ColumnElement[bool]:
    return exists().where(_other.c.recipient_id == _o.recipient_id, _other.c.state.in_(UNDER_WAY))


def _skipping(session: StoreSession, statement: Select[*tuple[Any, ...]]) -> Select[*tuple[Any, ...]]:
    locked = statement.with_for_update(skip_locked=True, of=table(OutboxMessage))
    return locked if session.is_postgres else statement


async def _step(
    session: StoreSession, message_id: int, owner: str, state: OutboxState | None, values: Mapping[str, Any]
) -> bool:
    mine = update(table(OutboxMessage)).where(*_MINE)
    if state is not None:
        mine = mine.where(_o.state == state)
    return await session.changed(mine.values(**values), {"message": message_id, "owned": owner}) == 1


def _ended(session: StoreSession, state: OutboxState) -> dict[str, Any]:
    return {"state": state, "ended_at": session.now(), **_FREE}


def _planned(session: StoreSession, wait: timedelta) -> dict[str, Any]:
    return {"state": OutboxState.PLANNED, "due_at": session.now() + wait, **_FREE}


def _claims(owner: str) -> Select[*tuple[object, ...]]:
    township = aliased(Place)
    return (
        select(
            *(_o.id, _o.kind, _o.subject_id, _o.occurrence, _o.details, _o.attempts, _o.may_repeat, _o.urgent),
            *(_o.expires_at, Staff.id.label("staff_id"), Staff.role, Staff.township_id, Staff.village_id),
            *(Staff.language, Staff.active, Staff.unreachable_since, Staff.quiet_from, Staff.quiet_until),
            *(
                Staff.chat_id,
                _o.chat_id.label("post_to"),
                Staff.telegram_user_id,
                township.zone,
                township.programmes_revision,
            ),
        )
        .join(Staff, Staff.id == _o.recipient_id)
        .join(township, township.id == Staff.township_id)
        .where(_o.owner == owner, _o.state == OutboxState.CLAIMED)
        .order_by(_o.urgent.desc(), _o.due_at, _o.id)
    )


async def _claimed(session: StoreSession, row: AnyRow) -> Claimed:
    catalogue = await catalogues.at_revision(session, row.township_id, row.programmes_revision)
    return Claimed(
        row.id,
        row.kind,
        row.subject_id,
        row.occurrence,
        row.details,
        row.attempts,
        row.may_repeat,
        row.urgent,
        row.expires_at,
        Actor(row.staff_id, row.role, row.township_id, row.village_id, row.language, row.zone, catalogue),
        row.active,
        row.unreachable_since is not None,
        Quiet(row.quiet_from, row.quiet_until),
        row.chat_id if row.post_to is None else row.post_to,
        row.telegram_user_id,
        row.post_to is not None,
    )
