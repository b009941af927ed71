"""What the database must hold after kills: every update once, every form once, nothing left over."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import Any

from sqlalchemy import Select, func, select

from bot.local.server.world import World as Server
from models.rules.outcomes import Outcome
from models.store.database import Database, StoreSession
from models.tables.audit import AuditEntry
from models.tables.checkups import Attendance
from models.tables.drafts import Draft, DraftState
from models.tables.inbox import DeadLetter, ProcessedUpdate, UpdateAttempt
from models.tables.residents import Resident
from models.tables.staff import Staff
from models.tables.visits import RecordVersion, Visit
from tests.e2e.kill.player import Player

REPEAT = "（可能重复）"
"""What stands above a message that may have been sent before."""
_RECORDS = {"register": Resident, "checkup": Attendance, "visit": Visit}
_ACTIONS = {"register": "person:register", "checkup": "checkup:report", "visit": "visit:report"}
_STORED = {
    "register": {},
    "checkup": {"sbp": 128, "dbp": 82, "weight": 625, "outcome": Outcome.ATTENDED, "next_on": None},
    "visit": {"sbp": 138, "dbp": 86, "answers": {"medication": "regular", "reaction": "no"}, "next_on": None},
}


HELD_UP = "loop_held_up"
"""What the watchdog says when a process got no time for ten seconds: on a busy machine that is no fault of its own."""


def troubles(lines: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return what a log says went wrong in the process."""
    return [line for line in lines if line["level"] in ("error", "critical") and line["event"] != HELD_UP]


async def processed(database: Database) -> Counter[int]:
    """Return how many updates of each chat had their effect."""
    async with database.reading() as session:
        columns = select(ProcessedUpdate.chat_id, func.count()).group_by(ProcessedUpdate.chat_id)
        return Counter({row[0]: row[1] for row in await session.rows(columns)})


async def owed(database: Database) -> set[int]:
    """Return the chats to which something is owed."""
    async with database.reading() as session:
        statement = select(ProcessedUpdate.chat_id).where(ProcessedUpdate.owed.is_not(None))
        return {row[0] for row in await session.rows(statement)}


async def until(holds: Callable[[], Awaitable[bool]], seconds: float, every: float = 0.05) -> None:
    """Wait until a condition holds that can only be asked for."""
    async with asyncio.timeout(seconds):
        while not await holds():  # noqa: ASYNC110 - the database tells nobody that it changed
            await asyncio.sleep(every)


async def until_settled(database: Database, server: Server, but: Iterable[int] = (), seconds: float = 60.0) -> None:
    """Wait until every update is confirmed and only the chats `but` are owed something."""
    allowed = set(but)

    async def is_settled() -> bool:
        return not server.updates.pending and await owed(database) <= allowed

    await until(is_settled, seconds)


async def nothing_lost_or_repeated(database: Database, server: Server, taken: Mapping[int, int]) -> None:
    """Hold the memory of updates to what was sent: `taken` counts the acts of each chat."""
    assert await processed(database) == Counter(taken)
    assert server.updates.confirmed == sum(taken.values())
    async with database.reading() as session:
        for table in (DeadLetter, UpdateAttempt, RecordVersion):
            assert await _count(session, select(func.count()).select_from(table)) == 0, table


async def filled_once(database: Database, player: Player, forms: int = 1) -> None:
    """Hold what is stored of a manager to `forms` filled forms, each as its script says."""
    async with database.reading() as session:
        drafts = await session.rows(select(Draft.state, Draft.revision).where(Draft.chat_id == player.user_id))
        assert Counter(row.state for row in drafts) == {DraftState.DONE: forms}, player
        assert len({row.revision for row in drafts}) == 1, player
        staff = await session.row(select(Staff.id, Staff.village_id).where(Staff.chat_id == player.user_id))
        assert staff is not None
        table: Any = _RECORDS[player.form]
        records = await session.rows(select(*table.__table__.c).where(table.village_id == staff.village_id))
        assert len(records) == forms, player
        saved = select(func.count()).where(AuditEntry.staff_id == staff.id, AuditEntry.action == _ACTIONS[player.form])
        assert await _count(session, saved) == forms, player
    for record in records:
        stored = record._mapping
        assert stored.get("version", 1) == 1, player
        assert {key: stored[key] for key in _STORED[player.form]} == _STORED[player.form], player


async def _count(session: StoreSession, statement: Select[Any]) -> int:
    return int(await session.scalar(statement))
