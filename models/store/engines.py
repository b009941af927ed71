"""Connections. SQLite has one that writes (p99 40 ms against 340 ms with five) and some that read."""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from models.store.one_visit import OneVisit

SQLITE_READERS = 4
"""Connections that read beside the one that writes."""
_BUSY_MS = 15_000
_WAIT_S = 60
_LONGEST_IDLE_MS = 120_000
"""A replica that freezes inside a transaction holds its chats' locks no longer than this."""
_POSTGRES = "postgresql+asyncpg"
_DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": _POSTGRES, "postgres": _POSTGRES}


def normal_url(url: str) -> URL:
    """Return `url` with the asynchronous driver spelled out."""
    parsed = make_url(url)
    return parsed.set(drivername=_DRIVERS.get(parsed.drivername, parsed.drivername))


def writing_engine(url: str) -> AsyncEngine:
    """Return an engine with ordinary transactions that may write, for migrations."""
    parsed = normal_url(url)
    if parsed.get_backend_name() == "postgresql":
        return postgres(parsed, 1)
    return sqlite(parsed, writes=True)


def postgres(url: URL, pool_size: int, *, autocommit: bool = False) -> AsyncEngine:
    """Return a pool of at most `pool_size` connections.

    With `autocommit` SQLAlchemy neither begins nor ends transactions: the caller does.
    """
    return create_async_engine(
        url,
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        pool_use_lifo=True,
        connect_args={
            "prepared_statement_cache_size": 512,
            "timeout": 10,
            "server_settings": {
                "application_name": "suifang",
                "jit": "off",
                "timezone": "UTC",
                "idle_in_transaction_session_timeout": str(_LONGEST_IDLE_MS),
            },
        },
        hide_parameters=True,
        **_mode(autocommit),
    )


def sqlite(url: URL, *, writes: bool, autocommit: bool = False) -> AsyncEngine:
    """Return the one connection that writes, or a few that can't.

    A writer begins IMMEDIATE, so that no transaction starts as a reader and fails when it writes.
    """
    engine = create_async_engine(
        url,
        module=OneVisit(),
        poolclass=AsyncAdaptedQueuePool,
        pool_size=1 if writes else SQLITE_READERS,
        max_overflow=0,
        pool_timeout=_WAIT_S,
        hide_parameters=True,
        **_mode(autocommit),
    )

    @event.listens_for(engine.sync_engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        # The driver's own transaction mode begins late and loses updates; we begin ourselves.
        connection.isolation_level = None
        cursor = connection.cursor()
        for pragma in _pragmas(writes):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    if not autocommit:

        @event.listens_for(engine.sync_engine, "begin")
        def begin(connection: Any) -> None:
            connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _mode(autocommit: bool) -> dict[str, Any]:
    if not autocommit:
        return {}
    return {"isolation_level": "AUTOCOMMIT", "pool_reset_on_return": None, "skip_autocommit_rollback": True}


def _pragmas(writes: bool) -> tuple[str, ...]:
    common = (f"busy_timeout = {_BUSY_MS}", "foreign_keys = ON", "cache_size = -1000", "temp_store = MEMORY")
    if writes:
        return ("journal_mode = WAL", "synchronous = FULL", *common)
    return (*common, "query_only = ON")
