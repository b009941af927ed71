"""What local mode has sent so far, read from its database; and waiting until it has nothing more to say for now."""

from __future__ import annotations

import asyncio
import sqlite3
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiohttp import ClientSession

from models.store.plannings import EVERY
from tests.e2e.two_months.kinds import name_of

_SENT = """SELECT o.kind, o.occurrence, o.message_id, s.telegram_user_id FROM outbox o
JOIN staff s ON s.id = o.recipient_id WHERE o.state = 'sent' ORDER BY o.ended_at, o.id"""
_DUE = "SELECT count(*) FROM outbox WHERE state IN ('planned', 'claimed', 'sending') AND due_at <= ?"
_PLANNED = """SELECT min(n.planned_at), sum(n.revision <> p.plan_revision) FROM plannings n
JOIN places p ON p.id = n.township_id"""
RESTS = 3
"""So many looks in a row have to find nothing: what came of one message may be told by another one."""
PATIENCE = 300
"""So many looks, five a second."""


@dataclass(frozen=True, slots=True)
class Came:
    """A message that somebody got."""

    name: str
    message_id: int
    user_id: int


@dataclass
class Watch:
    """Looks at a local mode from outside."""

    http: ClientSession
    address: str
    database: Path

    async def clock(self) -> datetime:
        """Return what time it is there, in China."""
        async with self.http.get(f"{self.address}/control/clock") as answer:
            return datetime.fromisoformat((await answer.json())["local"])

    async def move(self, **step: Any) -> None:
        """Move the clock as the page's buttons do, and wait until everything is said that was to be."""
        async with self.http.post(f"{self.address}/control/clock/move", json=step) as answer:
            assert answer.status == 200, await answer.text()
        await self.settled()

    async def settled(self) -> None:
        """Wait until the township is planned as of now, and nothing due is left to send."""
        since, rests = await self.clock(), 0
        for _ in range(PATIENCE):
            rests = rests + 1 if self._is_settled(since) else 0
            if rests == RESTS:
                return
            await asyncio.sleep(0.2)
        raise AssertionError("it never came to rest")

    def sent(self) -> list[Came]:
        """Return what was sent, in order."""
        return [Came(name_of(kind, about), number, user) for kind, about, number, user in self._rows(_SENT)]

    def _is_settled(self, since: datetime) -> bool:
        ((planned_at, behind),) = self._rows(_PLANNED)
        is_planned = planned_at is not None and not behind and _moment(planned_at) > since - EVERY
        return is_planned and self._rows(_DUE, since.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S.%f")) == [(0,)]

    def _rows(self, statement: str, *values: Any) -> list[Any]:
        with sqlite3.connect(f"file:{self.database}?mode=ro", uri=True, timeout=10) as connection:
            return connection.execute(statement, values).fetchall()


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
