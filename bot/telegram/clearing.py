"""Debts cleared a little later and many at once: a transaction for each would double the cost of an update.

What is not cleared before a kill is delivered again, marked as a possible repeat.
"""

from __future__ import annotations

import asyncio
from typing import Any

from bot.logging import frames
from bot.telegram.outage import Backoff
from models.store import deliveries
from models.store.database import Database

_MOST = 500


class Clearing:
    """Clears what updates are owed, write-behind."""

    def __init__(self, database: Database, log: Any, *, every: float = 0.25) -> None:
        """Write to `database` at most every `every` seconds."""
        self._database = database
        self._log = log
        self._every = every
        self._paid: list[int] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, update_id: int) -> None:
        """Note that everything owed for `update_id` was delivered."""
        self._paid.append(update_id)
        if self._task is None:
            self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self, grace: float = 5.0) -> None:
        """Write what is noted, within `grace` seconds."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        try:
            async with asyncio.timeout(grace):
                while self._paid:
                    await self._write()
        except Exception as error:
            self._log.warning("clearing_left", updates=len(self._paid), error=type(error).__name__)

    async def _run(self) -> None:
        pauses = Backoff()
        while self._paid:
            await asyncio.sleep(self._every)
            try:
                await self._write()
            except Exception as error:
                if pauses.tries == 0:
                    self._log.warning("clearing_waits", error=type(error).__name__, frames=frames(error))
                await pauses.pause()
            else:
                pauses.reset()
        self._task = None

    async def _write(self) -> None:
        batch = self._paid[:_MOST]
        async with self._database.transaction() as session:
            await deliveries.clear_owed(session, batch)
        del self._paid[: len(batch)]
