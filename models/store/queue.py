"""How the outbox stands, and what went wrong: counts and ages only, for whoever looks after the bot."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ScalarSelect, and_, func, or_, select

from models.store.database import StoreSession
from models.tables.base import table
from models.tables.inbox import DeadLetter
from models.tables.outbox import ENDED, OutboxMessage, OutboxState

COUNTED = (
    OutboxState.PLANNED,
    OutboxState.CLAIMED,
    OutboxState.SENDING,
    OutboxState.IN_DOUBT,
    OutboxState.DEAD,
)
"""What is sent or expired is left out: it is many, and says nothing about now."""
DAILY = "outbox.daily"
"""The message that tells the admins of troubles; it is no trouble itself."""
TOO_LATE = "too_late"
"""Why a message expired that was not sent in time."""
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


@dataclass(frozen=True, slots=True)
class Troubles:
    """How many messages of a township ended badly in a time.

    Attributes:
        held: nobody knows whether they arrived, and they were not sent again.
        repeated: they were sent again because nobody knew, and may have arrived twice.
        dead: they can't arrive.
        late: they were not sent before they had become senseless.
    """

    held: int = 0
    repeated: int = 0
    dead: int = 0
    late: int = 0

    def __bool__(self) -> bool:
        """Whether there is anything to tell."""
        return any((self.held, self.repeated, self.dead, self.late))


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


async def troubles(session: StoreSession, township_id: int, since: datetime, until: datetime) -> Troubles:
    """Return what ended badly in a township from `since` until before `until`.

    What was done meanwhile, taken off the plan or dropped by an operator is no trouble.
    """
    if since >= until:
        return Troubles()
    late = and_(_o.state == OutboxState.EXPIRED, _o.last_error == TOO_LATE)
    repeated = and_(_o.state == OutboxState.SENT, _o.may_repeat)
    bad = or_(_o.state.in_((OutboxState.IN_DOUBT, OutboxState.DEAD)), late, repeated)
    ended = (_o.township_id == township_id, _o.state.in_(ENDED), _o.ended_at >= since, _o.ended_at < until)
    statement = select(_o.state, func.count().label("many")).where(*ended, bad, _o.kind != DAILY).group_by(_o.state)
    many = {row.state: row.many for row in await session.rows(statement)}
    states = (OutboxState.IN_DOUBT, OutboxState.SENT, OutboxState.DEAD, OutboxState.EXPIRED)
    return Troubles(*(many.get(state, 0) for state in states))


async def told_until(session: StoreSession, township_id: int, since: date) -> dict[int, datetime]:
    """Return until when members of staff have been told of a township's troubles, by their ids.

    Only messages of the days from `since` on are looked at; they are about the township, so an index has them.
    """
    daily = (_o.kind == DAILY, _o.subject_id == township_id, _o.occurrence >= since.isoformat())
    statement = select(_o.recipient_id, func.max(_o.planned_for).label("until")).where(*daily)
    rows = await session.rows(statement.where(_o.state == OutboxState.SENT).group_by(_o.recipient_id))
    return {row.recipient_id: row.until for row in rows}
