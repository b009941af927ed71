"""What the bot is to say on its own: planned together with what it is about, claimed, sent outside, and marked.

A message is claimed under a name that nobody else uses (`owner`), for as long as a lease. Every later step names
the owner again, so that one whose lease ran out, and whose message another process took up, changes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, or_, select, update
from sqlalchemy.orm import aliased

from models.rules.access import Actor, Role
from models.store import catalogues
from models.store.audit import Detail
from models.store.database import AnyRow, StoreSession
from models.tables.base import new_id, table
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.places import Place
from models.tables.staff import Staff

KEPT = timedelta(days=7)
"""So long a message waits for a person who can't be reached, when it says nothing else (convention)."""
LEASE = timedelta(seconds=120)
"""So long a claimed message is its owner's."""
_KEY = ("kind", "subject_id", "occurrence", "recipient_id")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member of staff to whom something can be said."""

    staff_id: int
    township_id: int


@dataclass(frozen=True, slots=True)
class Claimed:
    """A message that its owner is to send now.

    Attributes:
        details: codes and counts that the words need.
        attempts: how often it was tried before.
        may_repeat: it may have arrived already.
        to: whom it is for.
        is_active: whether that person still works here.
        chat_id, user_id: the private chat and the account.
    """

    id: int
    kind: str
    subject_id: int
    occurrence: str
    details: Mapping[str, Detail]
    attempts: int
    may_repeat: bool
    expires_at: datetime | None
    to: Actor
    is_active: bool
    chat_id: int
    user_id: int


_o = table(OutboxMessage).c
_MINE = (_o.id == bindparam("message"), _o.owner == bindparam("owned"))
_FREE: dict[str, Any] = {"owner": None, "lease_until": None}


async def plan(
    session: StoreSession,
    recipients: Sequence[Recipient],
    kind: str,
    subject_id: int = 0,
    occurrence: str = "",
    *,
    details: Mapping[str, Detail] | None = None,
    due_at: datetime | None = None,
    expires_at: datetime | None = None,
) -> None:
    """Plan one message for each of `recipients`; what was planned before is not planned again.

    Args:
        session: the transaction that does what is told.
        recipients: who is told; nobody twice.
        kind: what sort of message, as the scheduler knows it.
        subject_id: the row it is about.
        occurrence: tells apart what is said several times about one subject.
        details: codes and counts that the words need; never a name or a value.
        due_at: not before; now, if not said.
        expires_at: not after; in a week, if not said.
    """
    now = session.now()
    statement = session.insert_or_ignore(OutboxMessage, _KEY)
    for recipient in dict.fromkeys(recipients):
        values = {
            "id": new_id(),
            "kind": kind,
            "subject_id": subject_id,
            "occurrence": occurrence,
            "recipient_id": recipient.staff_id,
            "township_id": recipient.township_id,
            "details": dict(details or {}),
            "due_at": due_at or now,
            "expires_at": expires_at or (due_at or now) + KEPT,
            "created_at": now,
        }
        await session.execute(statement, values)
    session.has_planned = session.has_planned or bool(recipients)


async def is_planned(session: StoreSession, kind: str, subject_id: int, occurrence: str) -> bool:
    """Return whether anybody is told of this, or was."""
    planned = (_o.kind == kind, _o.subject_id == subject_id, _o.occurrence == occurrence)
    return await session.row(select(_o.id).where(*planned).limit(1)) is not None


async def claim(session: StoreSession, owner: str, limit: int) -> list[Claimed]:
    """Make up to `limit` messages that are due the `owner`'s, longest due first, and return them.

    What a process left behind is due again when its lease is over; what it had begun to send may be a repeat.
    """
    now = session.now()
    due = and_(_o.state == OutboxState.PLANNED, _o.due_at <= now)
    left = and_(_o.state.in_((OutboxState.CLAIMED, OutboxState.SENDING)), _o.lease_until < now)
    found = select(_o.id).where(or_(due, left)).order_by(_o.due_at, _o.id).limit(limit)
    rows = await session.rows(found.with_for_update(skip_locked=True) if session.is_postgres else found)
    if not rows:
        return []
    mine = update(table(OutboxMessage)).where(_o.id.in_([row.id for row in rows]))
    begun = or_(_o.may_repeat, _o.state == OutboxState.SENDING)
    values = {"state": OutboxState.CLAIMED, "owner": owner, "lease_until": now + LEASE, "may_repeat": begun}
    await session.execute(mine.values(**values))
    return [await _claimed(session, row) for row in await session.rows(_claims(owner))]


async def mark_sending(session: StoreSession, message_id: int, owner: str) -> bool:
    """Note that the request is about to leave; commit before it does. `False` when it is another's by now."""
    values = {"state": OutboxState.SENDING, "lease_until": session.now() + LEASE}
    return await _step(session, message_id, owner, OutboxState.CLAIMED, values)


async def mark_sent(session: StoreSession, message_id: int, owner: str, sent_as: int | None) -> bool:
    """Note that it has arrived, as message `sent_as` of the chat."""
    values = {"state": OutboxState.SENT, "message_id": sent_as, "sent_at": session.now(), "last_error": None, **_FREE}
    return await _step(session, message_id, owner, OutboxState.SENDING, values)


async def put_back(
    session: StoreSession, message_id: int, owner: str, wait: timedelta, error: str | None, *, may_repeat: bool
) -> bool:
    """Let it be due again after `wait`; with `may_repeat` it will say that it may be a repeat."""
    values = {
        "state": OutboxState.PLANNED,
        "due_at": session.now() + wait,
        "attempts": _o.attempts + 1,
        "last_error": error[:80] if error else None,
        **({"may_repeat": True} if may_repeat else {}),
        **_FREE,
    }
    return await _step(session, message_id, owner, None, values)


async def mark_dead(session: StoreSession, message_id: int, owner: str, error: str) -> bool:
    """Note that it can never arrive, and why: the name of an error's class or a code."""
    return await _step(session, message_id, owner, None, {**_FREE, "state": OutboxState.DEAD, "last_error": error[:80]})


async def mark_expired(session: StoreSession, message_id: int, owner: str) -> bool:
    """Note that it makes no sense any more."""
    return await _step(session, message_id, owner, None, {**_FREE, "state": OutboxState.EXPIRED})


async def release(session: StoreSession, owner: str) -> int:
    """Give back what the owner has not begun to send; returns how many."""
    mine = update(table(OutboxMessage)).where(_o.owner == owner, _o.state == OutboxState.CLAIMED)
    return await session.changed(mine.values(state=OutboxState.PLANNED, **_FREE))


async def prune(session: StoreSession, before: datetime) -> int:
    """Delete what was sent, dead or expired and was planned before `before`; returns how many."""
    over = (OutboxState.SENT, OutboxState.DEAD, OutboxState.EXPIRED)
    return await session.changed(delete(table(OutboxMessage)).where(_o.state.in_(over), _o.created_at < before))


async def of_role(session: StoreSession, township_id: int, role: Role) -> list[Recipient]:
    """Return everybody of a role in a township."""
    return await _recipients(session, Staff.township_id == township_id, Staff.role == role)


async def managers_of(session: StoreSession, village_id: int) -> list[Recipient]:
    """Return the managers of a village."""
    return await _recipients(session, Staff.village_id == village_id, Staff.role == Role.MANAGER)


async def member(session: StoreSession, staff_id: int) -> list[Recipient]:
    """Return one member of staff, or nobody when removed meanwhile."""
    return await _recipients(session, Staff.id == staff_id)


async def _recipients(session: StoreSession, *conditions: ColumnElement[bool]) -> list[Recipient]:
    statement = select(Staff.id, Staff.township_id).where(Staff.active, *conditions)
    return [Recipient(row.id, row.township_id) for row in await session.rows(statement.order_by(Staff.id))]


async def _step(
    session: StoreSession, message_id: int, owner: str, state: OutboxState | None, values: Mapping[str, Any]
) -> bool:
    mine = update(table(OutboxMessage)).where(*_MINE)
    if state is not None:
        mine = mine.where(_o.state == state)
    return await session.changed(mine.values(**values), {"message": message_id, "owned": owner}) == 1


def _claims(owner: str) -> Select[*tuple[object, ...]]:
    township = aliased(Place)
    return (
        select(
            *(_o.id, _o.kind, _o.subject_id, _o.occurrence, _o.details, _o.attempts, _o.may_repeat, _o.expires_at),
            *(Staff.id.label("staff_id"), Staff.role, Staff.township_id, Staff.village_id, Staff.language),
            *(Staff.active, Staff.chat_id, Staff.telegram_user_id, township.zone, township.programmes_revision),
        )
        .join(Staff, Staff.id == _o.recipient_id)
        .join(township, township.id == Staff.township_id)
        .where(_o.owner == owner, _o.state == OutboxState.CLAIMED)
        .order_by(_o.due_at, _o.id)
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
        row.expires_at,
        Actor(row.staff_id, row.role, row.township_id, row.village_id, row.language, row.zone, catalogue),
        row.active,
        row.chat_id,
        row.telegram_user_id,
    )
