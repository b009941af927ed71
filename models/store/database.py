"""The database: one transaction per use case, on SQLite or PostgreSQL.

SQLite has one writing connection (p99 40 ms against 340 ms with five) that begins IMMEDIATE, so that no
transaction starts as a reader and fails when it writes, and readers of its own. PostgreSQL has a pool.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import CursorResult, Executable, Row, Select, event, make_url
from sqlalchemy.dialects.postgresql import insert as postgres_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from models.rules.clock import Clock
from models.store.keyring import Keyring
from models.store.lost import is_disconnect
from models.store.vault import Vault

__all__ = ["AnyRow", "Database", "StoreSession", "is_disconnect", "normal_url", "whole", "writing_engine"]

_P = ParamSpec("_P")
_T = TypeVar("_T")
AnyRow = Row[*tuple[Any, ...]]
_Params = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None
_SQLITE_READERS = 4
_BUSY_MS = 15_000
_WAIT_S = 60
_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "postgresql": "postgresql+asyncpg",
    "postgres": "postgresql+asyncpg",
}


def normal_url(url: str) -> URL:
    """Return `url` with the asynchronous driver spelled out."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


class StoreSession:
    """An open transaction, with what store functions need beside it. It never commits by itself.

    It is a thin layer over a connection: store functions read columns, not mapped objects, because loading
    objects costs more than everything else that an answer to a form does.
    """

    __slots__ = ("clock", "connection", "is_postgres", "vault")

    def __init__(self, connection: AsyncConnection, vault: Vault, clock: Clock) -> None:
        """Wrap an open transaction."""
        self.connection = connection
        self.vault = vault
        self.clock = clock
        self.is_postgres = connection.dialect.name == "postgresql"

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock.now()

    async def execute(self, statement: Executable, params: _Params = None) -> CursorResult[Any]:
        """Run `statement`; a sequence of `params` runs it once for each."""
        return await self.connection.execute(statement, params)

    async def rows(self, statement: Select[*tuple[Any, ...]], params: _Params = None) -> Sequence[AnyRow]:
        """Return all rows."""
        return (await self.connection.execute(statement, params)).all()

    async def row(self, statement: Executable, params: _Params = None) -> AnyRow | None:
        """Return the first row, or `None`."""
        return (await self.connection.execute(statement, params)).first()

    async def scalar(self, statement: Executable, params: _Params = None) -> Any:
        """Return the first column of the first row, or `None`."""
        return (await self.connection.execute(statement, params)).scalar()

    async def changed(self, statement: Executable, params: _Params = None) -> int:
        """Run an UPDATE or DELETE and return how many rows it met."""
        return (await self.connection.execute(statement, params)).rowcount

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Open a part of the transaction that is rolled back by itself when it raises."""
        async with self.connection.begin_nested():
            yield

    def insert_or_ignore(self, model: type[Any], unique: Sequence[str]) -> Executable:
        """Return an INSERT into `model` that does nothing when the `unique` columns are taken."""
        insert = postgres_insert if self.is_postgres else sqlite_insert
        return insert(model).on_conflict_do_nothing(index_elements=unique)


def whole(
    use_case: Callable[Concatenate[StoreSession, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[StoreSession, _P], Coroutine[Any, Any, _T]]:
    """Make a use case happen as a whole or not at all, even if the caller goes on after its refusal."""

    @wraps(use_case)
    async def in_savepoint(session: StoreSession, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        async with session.savepoint():
            return await use_case(session, *args, **kwargs)

    return in_savepoint


class Database:
    """Opens transactions."""

    def __init__(self, url: str, keyring: Keyring, clock: Clock, *, pool_size: int = 16) -> None:
        """Prepare to connect to `url`; nothing is opened before the first transaction.

        `pool_size` bounds connections to PostgreSQL; further transactions wait for one (up to 60 s).
        """
        self.url = normal_url(url)
        self.vault = Vault(keyring)
        self.clock = clock
        if self.is_postgres:
            self._writer = self._reader = writing_engine(url, pool_size)
        else:
            self._writer = writing_engine(url)
            self._reader = _sqlite(self.url, writes=False)

    @property
    def is_postgres(self) -> bool:
        """Whether several processes may share this database."""
        return self.url.get_backend_name() == "postgresql"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[StoreSession]:
        """Open a transaction that commits when the block ends and rolls back when it raises."""
        async with self._writer.begin() as connection:
            yield StoreSession(connection, self.vault, self.clock)

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[StoreSession]:
        """Open a transaction that only reads, beside any writer. Person reads are audited: they write."""
        async with self._reader.connect() as connection:
            yield StoreSession(connection, self.vault, self.clock)

    async def close(self) -> None:
        """Close every connection."""
        await self._writer.dispose()
        if self._reader is not self._writer:
            await self._reader.dispose()


def writing_engine(url: str, pool_size: int = 1) -> AsyncEngine:
    """Return an engine whose transactions may write; on SQLite they begin IMMEDIATE, one at a time."""
    parsed = normal_url(url)
    if parsed.get_backend_name() == "postgresql":
        return _postgres(parsed, pool_size)
    return _sqlite(parsed, writes=True)


def _postgres(url: URL, pool_size: int) -> AsyncEngine:
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_use_lifo=True,
        connect_args={
            "prepared_statement_cache_size": 512,
            "timeout": 10,
            "server_settings": {"application_name": "suifang", "jit": "off", "timezone": "UTC"},
        },
    )


def _sqlite(url: URL, *, writes: bool) -> AsyncEngine:
    engine = create_async_engine(
        url,
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writes else _SQLITE_READERS,
        max_overflow=0,
        pool_timeout=_WAIT_S,
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction mode begins late and loses updates; we begin ourselves, below.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _pragmas(writes):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _pragmas(writes: bool) -> tuple[str, ...]:
    common = (f"busy_timeout = {_BUSY_MS}", "foreign_keys = ON", "cache_size = -8000", "temp_store = MEMORY")
    if writes:
        return ("journal_mode = WAL", "synchronous = FULL", *common)
    return (*common, "query_only = ON")
