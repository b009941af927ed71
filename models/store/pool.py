"""Open connections, kept between transactions and handed out in turn.

SQLAlchemy's own pool would do, but costs as much per transaction as everything that the transaction does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine

from models.store.drivers import Driver

WAIT_S = 60
"""So long a transaction waits for a connection."""


@dataclass(frozen=True, slots=True, eq=False)
class Line:
    """An open connection: SQLAlchemy's, in autocommit mode, and the driver below it."""

    connection: AsyncConnection
    driver: Driver

    def is_usable(self) -> bool:
        """Return whether nothing says that the server has gone."""
        return not (self.connection.closed or self.connection.invalidated or self.driver.is_closed())


class Pool:
    """At most `size` connections of an engine; who comes first is served first."""

    def __init__(self, engine: AsyncEngine, size: int, driver: Callable[[Any], Driver]) -> None:
        """Open connections as they are needed; `driver` wraps the driver's own connection."""
        self._engine = engine
        self._driver = driver
        self._free = asyncio.Semaphore(size)
        self._idle: list[Line] = []

    async def take(self) -> Line:
        """Return a connection that is not known to be gone; give it back with `give_back`.

        Raises:
            sqlalchemy.exc.TimeoutError: none was free for a minute.
            sqlalchemy.exc.DBAPIError, OSError: the database can't be reached.
        """
        await self._wait()
        try:
            while self._idle:
                line = self._idle.pop()
                if line.is_usable():
                    return line
                await _throw_away(line)
            return await self._open()
        except BaseException:
            self._free.release()
            raise

    async def give_back(self, line: Line, *, is_clean: bool) -> None:
        """Take a connection back; one that is not clean (its transaction may still be open) is closed."""
        try:
            if is_clean and line.is_usable():
                if line.connection.in_transaction():
                    await line.connection.rollback()  # SQLAlchemy's idea of one; there is none by now
                self._idle.append(line)
            else:
                await _throw_away(line)
        finally:
            self._free.release()

    async def close(self) -> None:
        """Close what is idle."""
        while self._idle:
            await self._idle.pop().connection.close()
        await self._engine.dispose()

    async def _wait(self) -> None:
        if not self._free.locked():
            await self._free.acquire()
            return
        try:
            async with asyncio.timeout(WAIT_S):
                await self._free.acquire()
        except TimeoutError:
            raise PoolTimeout(f"no connection was free for {WAIT_S} s") from None

    async def _open(self) -> Line:
        connection = await self._engine.connect()
        assert connection.sync_connection is not None  # noqa: S101 - it has just been opened
        return Line(connection, self._driver(connection.sync_connection.connection.driver_connection))


async def _throw_away(line: Line) -> None:
    if not line.connection.closed:
        await line.connection.invalidate()
        await line.connection.close()
