"""What the bot is to say on its own, planned together with what it is about, in the same transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, select

from models.rules.access import Role
from models.store.audit import Detail
from models.store.database import StoreSession
from models.tables.base import new_id
from models.tables.outbox import OutboxMessage
from models.tables.staff import Staff

KEPT = timedelta(days=7)
"""So long a message waits for a person who can't be reached, when it says nothing else (convention)."""
_KEY = ("kind", "subject_id", "occurrence", "recipient_id")


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member of staff to whom something can be said."""

    staff_id: int
    township_id: int


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
