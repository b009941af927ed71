"""The outbox for whoever looks after the bot: listed, tried again, dropped. People appear by number only."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import aliased

from models.rules.access import Role
from models.store import audit
from models.store.database import AnyRow, StoreSession
from models.store.errors import NotFound
from models.store.outbox import KEPT
from models.tables.base import table
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.places import Place
from models.tables.staff import Staff

OPEN = tuple(state for state in OutboxState if state not in {OutboxState.SENT, OutboxState.EXPIRED})
"""What is to be sent, or to be decided about."""
DROPPED = "dropped"
"""Why a message expired that an operator dropped."""
_AGAIN = (OutboxState.DEAD, OutboxState.EXPIRED, OutboxState.IN_DOUBT)
_AWAY = (OutboxState.PLANNED, OutboxState.IN_DOUBT, OutboxState.DEAD)
_o = table(OutboxMessage).c


@dataclass(frozen=True, slots=True)
class Listed:
    """A message and whom it is for, without a name.

    Attributes:
        place: where that person works.
        zone: IANA time zone of the township.
        due_at: when it is to be tried next, or was last.
        may_repeat: it may have arrived already and says so.
        error: what went wrong last, or why it ended.
    """

    id: int
    state: OutboxState
    kind: str
    staff_id: int
    role: Role
    place: str
    zone: str
    due_at: datetime
    attempts: int
    may_repeat: bool
    error: str | None


class WrongState(Exception):
    """That can't be done with a message in this `state`."""

    def __init__(self, state: OutboxState) -> None:
        """Remember the state."""
        super().__init__(state.value)
        self.state = state


async def list_messages(
    session: StoreSession,
    states: Sequence[OutboxState] = OPEN,
    staff_id: int | None = None,
    kind: str | None = None,
    limit: int = 100,
) -> list[Listed]:
    """Return the messages in one of `states`, longest due first; only those to one person, or of one kind."""
    township = aliased(Place)
    statement = (
        select(
            *(_o.id, _o.state, _o.kind, _o.recipient_id, Staff.role, Place.name, township.zone),
            *(_o.due_at, _o.attempts, _o.may_repeat, _o.last_error),
        )
        .join(Staff, Staff.id == _o.recipient_id)
        .join(Place, Place.id == Staff.place_id)
        .join(township, township.id == Staff.township_id)
        .where(_o.state.in_(states))
    )
    if staff_id is not None:
        statement = statement.where(_o.recipient_id == staff_id)
    if kind is not None:
        statement = statement.where(_o.kind == kind)
    return [_listed(row) for row in await session.rows(statement.order_by(_o.due_at, _o.id).limit(limit))]


def _listed(row: Sequence[Any]) -> Listed:
    return Listed(*row)


async def retry(session: StoreSession, message_id: int) -> bool:
    """Let a message that did not arrive go out again, now; return whether it will say that it may be a repeat.

    It is the operator's from then on: the planner leaves it alone. What was too late is given time anew.

    Raises:
        NotFound: there is no such message.
        WrongState: it has arrived, or is yet to be sent.
    """
    row = await _locked(session, message_id, _AGAIN)
    now = session.now()
    may_repeat = row.may_repeat or row.state is OutboxState.IN_DOUBT
    again = {
        "state": OutboxState.PLANNED,
        "source": None,
        "due_at": now,
        "expires_at": row.expires_at if row.expires_at > now else now + KEPT,
        "attempts": 0,
        "may_repeat": may_repeat,
        "last_error": None,
        "ended_at": None,
    }
    await _change(session, row, again, "outbox:retry")
    session.has_planned = True
    return may_repeat


async def drop(session: StoreSession, message_id: int) -> None:
    """End a message that was not sent; it is not planned again.

    Raises:
        NotFound: there is no such message.
        WrongState: it is being sent, or over.
    """
    row = await _locked(session, message_id, _AWAY)
    gone = {"state": OutboxState.EXPIRED, "last_error": DROPPED, "ended_at": session.now()}
    await _change(session, row, gone, "outbox:drop")


async def _locked(session: StoreSession, message_id: int, states: Sequence[OutboxState]) -> AnyRow:
    columns = (_o.id, _o.state, _o.kind, _o.township_id, _o.may_repeat, _o.expires_at)
    row = await session.row(select(*columns).where(_o.id == message_id).with_for_update())
    if row is None:
        raise NotFound
    if row.state not in states:
        raise WrongState(row.state)
    return row


async def _change(session: StoreSession, row: AnyRow, values: dict[str, Any], action: str) -> None:
    await session.execute(update(table(OutboxMessage)).where(_o.id == row.id).values(**values))
    details = {"kind": row.kind, "was": row.state.value}
    await audit.write(session, None, action, "outbox", row.id, details, township_id=row.township_id)
