"""What became of every planned message: the outbox held against what stands in the chats."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import select

from bot.local.server.world import World as Server
from models.store.database import AnyRow, Database
from models.store.unreached import UNREACHED
from models.tables.base import table
from models.tables.outbox import OutboxMessage, OutboxState
from models.tables.staff import Staff
from scheduler.messages import LOW_VALUE
from tests.e2e.kill.letters import shown
from tests.e2e.kill.proof import REPEAT

LEASED = (OutboxState.CLAIMED, OutboxState.SENDING)
OPEN = (OutboxState.PLANNED, *LEASED)
"""States in which a message is still to be sent."""
_o, _s = table(OutboxMessage).c, table(Staff).c


@dataclass(frozen=True, slots=True)
class Ledger:
    """What became of the messages.

    Attributes:
        states: how many messages ended in each state.
        lost: messages that count as sent and stand in no chat, those that ended as dead though their person can be
            reached, and those that are still open.
        untold: dead messages of which nobody else was told, though they were worth it.
        held: messages of low value that may not have arrived, by whether they have.
        extra: copies beyond the first of each message.
        unflagged: those of them without the notice that they may be a repeat, while another had none either.
        flagged_first: messages whose first copy had the notice: nobody knew whether it was the first.
        strange: what the bot said that nobody planned.
    """

    states: Counter[OutboxState]
    lost: int
    untold: int
    held: Counter[bool]
    extra: int
    unflagged: int
    flagged_first: int
    strange: int

    @property
    def flagged(self) -> int:
        """Extra copies with the notice."""
        return self.extra - self.unflagged


async def until_due(database: Database, *, spare_leases: bool) -> timedelta | None:
    """Return how long it is until every open message is due; `None` when one can be taken now, or none is open.

    A message waits for another one to the same person that some process has taken, be it a dead one. With
    `spare_leases` it is `None` as well while any process has taken one.
    """
    opens, now = await _rows(database, OPEN), database.clock.now()
    if spare_leases and any(row.state in LEASED for row in opens):
        return None
    busy = {row.recipient_id for row in opens if row.state in LEASED}
    at = [
        row.lease_until if row.state in LEASED else row.due_at
        for row in opens
        if row.state in LEASED or row.recipient_id not in busy
    ]
    return max(at) - now + timedelta(seconds=1) if at and min(at) >= now else None


async def is_over(database: Database) -> bool:
    """Return whether nothing is to be sent any more."""
    async with database.reading() as session:
        return await session.row(select(_o.id).where(_o.state.in_(OPEN)).limit(1)) is None


async def count_begun(database: Database) -> int:
    """Return how many messages were about to leave, and nobody knows whether they did."""
    return len(await _rows(database, (OutboxState.SENDING,)))


async def read(database: Database, server: Server) -> Ledger:
    """Hold the outbox against the chats."""
    every = await _rows(database, tuple(OutboxState))
    planned: defaultdict[tuple[int, str], list[AnyRow]] = defaultdict(list)
    for row in every:
        planned[row.chat_id, shown(row.kind, row.details)].append(row)
    copies = arrived(server)
    held = Counter((r.chat_id, shown(r.kind, r.details)) in copies for r in every if r.state == OutboxState.IN_DOUBT)
    extra = unflagged = flagged_first = 0
    for key, same in planned.items():
        found = copies.pop(key, [])
        extra += max(0, len(found) - len(same))
        unflagged += max(0, found.count(False) - len(same))
        flagged_first += found[:1] == [True]
    return Ledger(
        states=Counter(row.state for row in every),
        lost=sum(_is_lost(row, server) for row in every),
        untold=sum(_is_untold(row, every) for row in every),
        held=held,
        extra=extra,
        unflagged=unflagged,
        flagged_first=flagged_first,
        strange=sum(map(len, copies.values())),
    )


def arrived(server: Server) -> dict[tuple[int, str], list[bool]]:
    """Return, by chat and words, for each copy in the order they came whether it says that it may be a repeat."""
    found: defaultdict[tuple[int, str], list[bool]] = defaultdict(list)
    for chat_id, messages in server.messages.items():
        for message in messages.values():
            is_flagged = message.text.startswith(REPEAT)
            words = message.text.removeprefix(REPEAT).lstrip("\n")
            found[chat_id, words].append(is_flagged)
    return dict(found)


async def _rows(database: Database, states: Sequence[OutboxState]) -> Sequence[AnyRow]:
    about = (_o.kind, _o.subject_id, _o.recipient_id, _o.details)
    columns = (*about, _o.state, _o.message_id, _o.due_at, _o.lease_until, _s.chat_id)
    joined = select(*columns).join(table(Staff), _s.id == _o.recipient_id).where(_o.state.in_(states))
    async with database.reading() as session:
        return await session.rows(joined)


def _is_lost(row: AnyRow, server: Server) -> bool:
    """Return whether a message that should stand in its chat does not, or has not come to an end."""
    if row.state == OutboxState.DEAD:
        return not server.directory.people[row.chat_id].has_blocked
    if row.state != OutboxState.SENT:
        return row.state in OPEN
    message = server.messages.get(row.chat_id, {}).get(row.message_id)
    return message is None or not message.text.endswith(shown(row.kind, row.details))


def _is_untold(row: AnyRow, every: Sequence[AnyRow]) -> bool:
    """Return whether somebody else should have been told that a message can't arrive, and nobody was."""
    if row.state != OutboxState.DEAD or row.kind in LOW_VALUE:
        return False
    about = (row.subject_id, row.details["kind"]) if row.kind == UNREACHED else (row.recipient_id, row.kind)
    told = (r for r in every if r.kind == UNREACHED and (r.subject_id, r.details["kind"]) == about)
    return not any(r.state == OutboxState.SENT for r in told)
