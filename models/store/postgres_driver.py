"""Speaking to asyncpg directly. Loaded only where the database is PostgreSQL."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from typing import Any, TypeVar

import asyncpg
from sqlalchemy.exc import DBAPIError

from models.store.drivers import NotCommittedError, Rows, translated

_T = TypeVar("_T")


class PostgresDriver:
    """A connection of asyncpg; it prepares each statement once and keeps it."""

    __slots__ = ("_raw",)

    def __init__(self, raw: Any) -> None:
        """Wrap a connection."""
        self._raw = raw

    async def begin(self, lock: int | None) -> None:
        """Begin; a lock comes along in the same round trip."""
        await self.run("BEGIN" if lock is None else f"BEGIN; {_lock(lock)}")

    async def lock(self, number: int) -> None:
        """Wait for the advisory lock of that number."""
        await self.run(_lock(number))

    async def fetch(self, sql: str, values: Sequence[Any]) -> Rows:
        """Run one prepared statement."""
        try:
            found: Rows = await self._raw.fetch(sql, *values)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _translated(sql, error) from error
        return found

    async def run(self, sql: str) -> None:
        """Run statements by the simple protocol."""
        try:
            await self._raw.execute(sql)
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _translated(sql, error) from error

    async def through(self, statement: Coroutine[Any, Any, _T]) -> _T:
        """Await it; when it is cancelled, SQLAlchemy closes the connection, and the server rolls back."""
        return await statement

    async def commit(self) -> None:
        """Commit, and make sure that it was."""
        try:
            status = await self._raw.execute("COMMIT")
        except (asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise _translated("COMMIT", error) from error
        if status != "COMMIT":
            raise NotCommittedError

    async def rollback(self) -> None:
        """Roll back."""
        await self.run("ROLLBACK")

    def is_closed(self) -> bool:
        """Return whether the socket is closed."""
        closed: bool = self._raw.is_closed()
        return closed


def _lock(number: int) -> str:
    return f"SELECT pg_advisory_xact_lock({int(number)})"


def _translated(sql: str, error: Exception) -> DBAPIError:
    return translated(sql, error, asyncpg.IntegrityConstraintViolationError)
