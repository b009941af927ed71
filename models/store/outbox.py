"""What the bot is to say on its own, planned together with what it is about. Sending it is `sending`'s."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, delete, or_, select, update

from models.rules.access import Role
from models.store.audit import Detail
from models.store.database import StoreSession
from models.tables.base import new_id, table
from models.tables.outbox import ENDED, OutboxMessage, OutboxState
from models.tables.staff import Staff

KEPT = timedelta(days=7)
"""So long a message waits for a person who can't be reached, when it says nothing else (convention)."""
REPLANNED = "replanned"
"""Why a message ended whose rule or date was changed before it left."""
_KEY = ("kind", "subject_id", "occurrence", "recipient_id")
_BATCH = 200


@dataclass(frozen=True, slots=True)
class Recipient:
    """A member of staff to whom something can be said."""

    staff_id: int
    township_id: int


@dataclass(frozen=True, slots=True)
class Proposal:
    """A message that a rule calls for.

    Attributes:
        occurrence: the nominal day and the stage: what stays the same when a date is moved.
        details: codes and counts that the words need; never a name or a value.
        due_at, expires_at: not before, and not after: by then it has become senseless.
    """

    kind: str
    to: Recipient
    due_at: datetime
    expires_at: datetime
    subject_id: int = 0
    occurrence: str = ""
    details: Mapping[str, Detail] = field(default_factory=dict)
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Replanned:
    """What a plan changed: messages added, moved or reworded, and withdrawn."""

    added: int
    changed: int
    withdrawn: int


_o = table(OutboxMessage).c


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
    urgent: bool = False,
    chat_id: int | None = None,
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
        urgent: it goes first, and in quiet hours too.
        chat_id: a group or channel where it is said in the place of the recipient's own chat.
    """
    due = due_at or session.now()
    over = expires_at or due + KEPT
    if over <= session.now() or not recipients:
        return
    rest = (due, over, subject_id, occurrence, dict(details or {}), urgent)
    rows = [_row(session, Proposal(kind, to, *rest), None) | {"chat_id": chat_id} for to in dict.fromkeys(recipients)]
    # All at once: a thousand statements would hold SQLite's writer, and everybody's replies, for a second.
    await session.execute(session.insert_or_ignore(OutboxMessage, _KEY), rows)
    session.has_planned = True


async def replan(
    session: StoreSession, source: str, township_id: int, proposals: Iterable[Proposal], until: datetime
) -> Replanned:
    """Make what a source of the planner has planned for a township, and what is unsent, equal to `proposals`.

    What is new is added, unless it is senseless by now; what has another time or other words is changed; what is
    no longer called for is withdrawn. What has left, or is about to, stays as it is. Doing it twice changes nothing.

    Args:
        session: the transaction.
        source: whose messages: others' are not touched.
        township_id: where.
        proposals: everything that the source calls for up to `until`.
        until: later messages of the source are left alone.
    """
    wanted = {key_of(one): one for one in proposals if one.due_at <= until}
    changed = 0
    there = await _unsent(session, source, township_id)
    new = [one for key, one in wanted.items() if key not in there and one.expires_at > session.now()]
    for key, one in wanted.items():
        row = there.pop(key, None)
        if row is not None and _content(row) != _content(one):
            changed += await _change(session, row.id, one)
    added = await _add(session, new, source, township_id)
    gone = [row.id for row in there.values() if row.planned_for <= until]
    withdrawn = await _withdraw(session, gone)
    session.has_planned = session.has_planned or added + changed > 0
    return Replanned(added, changed, withdrawn)


async def is_planned(
    session: StoreSession, kind: str, subject_id: int, occurrence: str, *, recipient_id: int | None = None
) -> bool:
    """Return whether anybody, or the one recipient, is told of this, or was."""
    planned = [_o.kind == kind, _o.subject_id == subject_id, _o.occurrence == occurrence]
    if recipient_id is not None:
        planned.append(_o.recipient_id == recipient_id)
    return await session.row(select(_o.id).where(*planned).limit(1)) is not None


async def is_on_its_way(
    session: StoreSession, kind: str, occurrence: str, recipient_id: int, details: Mapping[str, Detail]
) -> bool:
    """Return whether the same is to be said to somebody and has not arrived, whatever row it is about."""
    same = (_o.kind == kind, _o.occurrence == occurrence, _o.recipient_id == recipient_id, _o.state.not_in(ENDED))
    return any(dict(row.details) == dict(details) for row in await session.rows(select(_o.details).where(*same)))


async def reached(session: StoreSession, kind: str, subject_id: int, begins: str, among: Collection[int]) -> list[int]:
    """Return which of some accounts got, or may have got, a message whose occurrence begins with `begins`."""
    one = (_o.kind == kind, _o.subject_id == subject_id, _o.occurrence.startswith(begins, autoescape=True))
    left = _o.state.in_((OutboxState.SENDING, OutboxState.SENT, OutboxState.IN_DOUBT))
    found = select(_o.recipient_id).where(*one, left, _o.recipient_id.in_(among)).distinct()
    return [row.recipient_id for row in await session.rows(found.order_by(_o.recipient_id))] if among else []


async def over(session: StoreSession, township_id: int, since: datetime) -> set[tuple[str, int, str, int]]:
    """Return the keys of a township's messages that have ended and were to be said at `since` or later.

    What was withdrawn because a rule was changed is not among them: it may be called for once more.
    """
    ended = (_o.township_id == township_id, _o.state.in_(ENDED), _o.planned_for >= since)
    columns = (_o.kind, _o.subject_id, _o.occurrence, _o.recipient_id)
    rows = await session.rows(select(*columns).where(*ended, _o.last_error.is_distinct_from(REPLANNED)))
    return {(row.kind, row.subject_id, row.occurrence, row.recipient_id) for row in rows}


async def prune(session: StoreSession, before: datetime) -> int:
    """Delete what has ended and was planned before `before`; returns how many."""
    return await session.changed(delete(table(OutboxMessage)).where(_o.state.in_(ENDED), _o.created_at < before))


async def of_role(session: StoreSession, township_id: int, role: Role) -> list[Recipient]:
    """Return everybody of a role in a township."""
    return await _recipients(session, Staff.township_id == township_id, Staff.role == role)


async def reachable(session: StoreSession, township_id: int, role: Role) -> list[Recipient]:
    """Return everybody of a role in a township whose messages arrive, as far as is known."""
    here = (Staff.township_id == township_id, Staff.role == role)
    return await _recipients(session, *here, Staff.unreachable_since.is_(None))


async def managers_of(session: StoreSession, village_id: int) -> list[Recipient]:
    """Return the managers of a village."""
    return await _recipients(session, Staff.village_id == village_id, Staff.role == Role.MANAGER)


async def member(session: StoreSession, staff_id: int) -> list[Recipient]:
    """Return one member of staff, or nobody when removed meanwhile."""
    return await _recipients(session, Staff.id == staff_id)


async def _recipients(session: StoreSession, *conditions: ColumnElement[bool]) -> list[Recipient]:
    statement = select(Staff.id, Staff.township_id).where(Staff.active, *conditions)
    return [Recipient(row.id, row.township_id) for row in await session.rows(statement.order_by(Staff.id))]


async def _add(session: StoreSession, new: Sequence[Proposal], source: str, township_id: int) -> int:
    """Add messages, all in one statement, but for those that have left or are about to; return how many were added."""
    known = await _known(session, source, township_id) if new else {}
    fresh = [_row(session, one, source) for one in new if key_of(one) not in known]
    if fresh:
        await session.execute(session.insert_or_ignore(OutboxMessage, _KEY), fresh)
    withdrawn = [one for one in new if known.get(key_of(one)) == REPLANNED]
    return len(fresh) + sum([await _revive(session, one) for one in withdrawn])


async def _known(session: StoreSession, source: str, township_id: int) -> dict[tuple[str, int, str, int], str | None]:
    """Return why each message of a source that is not waiting ended, of those that could still be called for."""
    columns = (_o.kind, _o.subject_id, _o.occurrence, _o.recipient_id, _o.last_error)
    mine = (_o.township_id == township_id, _o.source == source, _o.state != OutboxState.PLANNED)
    counts = or_(_o.expires_at > session.now(), _o.last_error == REPLANNED)
    rows = await session.rows(select(*columns).where(*mine, counts))
    return {(row.kind, row.subject_id, row.occurrence, row.recipient_id): row.last_error for row in rows}


async def _revive(session: StoreSession, one: Proposal) -> int:
    """Take up again what was withdrawn because a rule or a date was changed, and is called for once more."""
    key = (_o.kind == one.kind, _o.subject_id == one.subject_id, _o.occurrence == one.occurrence)
    mine = (*key, _o.recipient_id == one.to.staff_id, _o.state == OutboxState.EXPIRED, _o.last_error == REPLANNED)
    planned = {"state": OutboxState.PLANNED, "last_error": None, "ended_at": None, **_values(one)}
    return await session.changed(update(table(OutboxMessage)).where(*mine).values(**planned))


async def _unsent(session: StoreSession, source: str, township_id: int) -> dict[tuple[str, int, str, int], Any]:
    columns = (_o.id, _o.kind, _o.subject_id, _o.occurrence, _o.recipient_id)
    content = (_o.planned_for, _o.expires_at, _o.urgent, _o.details)
    mine = (_o.source == source, _o.township_id == township_id, _o.state == OutboxState.PLANNED)
    rows = await session.rows(select(*columns, *content).where(*mine))
    return {(row.kind, row.subject_id, row.occurrence, row.recipient_id): row for row in rows}


async def _change(session: StoreSession, message_id: int, one: Proposal) -> int:
    mine = update(table(OutboxMessage)).where(_o.id == message_id, _o.state == OutboxState.PLANNED)
    return await session.changed(mine.values(**_values(one)))


async def _withdraw(session: StoreSession, ids: Sequence[int]) -> int:
    withdrawn = 0
    for start in range(0, len(ids), _BATCH):
        some = (_o.id.in_(ids[start : start + _BATCH]), _o.state == OutboxState.PLANNED)
        ended = {"state": OutboxState.EXPIRED, "last_error": REPLANNED, "ended_at": session.now()}
        withdrawn += await session.changed(update(table(OutboxMessage)).where(*some).values(**ended))
    return withdrawn


def _row(session: StoreSession, one: Proposal, source: str | None) -> dict[str, Any]:
    return {
        "id": new_id(),
        "kind": one.kind,
        "subject_id": one.subject_id,
        "occurrence": one.occurrence,
        "recipient_id": one.to.staff_id,
        "township_id": one.to.township_id,
        "source": source,
        "created_at": session.now(),
        **_values(one),
    }


def _values(one: Proposal) -> dict[str, Any]:
    return {
        "details": dict(one.details),
        "urgent": one.urgent,
        "planned_for": one.due_at,
        "due_at": one.due_at,
        "expires_at": one.expires_at,
    }


def key_of(one: Proposal) -> tuple[str, int, str, int]:
    """Return what makes a message the same message."""
    return one.kind, one.subject_id, one.occurrence, one.to.staff_id


def _content(one: Any) -> tuple[object, ...]:
    """Return what a proposal, or a row, says and when."""
    due = one.due_at if isinstance(one, Proposal) else one.planned_for
    return due, one.expires_at, one.urgent, dict(one.details)
