"""What tests save: work and waiting whose absence no test could tell."""

from __future__ import annotations

import asyncio
import pickle
from collections.abc import Callable
from functools import partial, partialmethod
from threading import Lock
from typing import Any

import pytest
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.dialects.sqlite.aiosqlite import SQLiteDialect_aiosqlite
from sqlalchemy.ext.asyncio import create_async_engine

from bot.telegram import ingest
from bot.telegram.outage import Backoff
from models.files import aside
from models.store import engines

_ROWS = {"_result_disable_adapt_to_context": True}
"""Rows are read by the names of their columns; SQLAlchemy need not match them with each statement's own."""
_PLAIN = (bool, int, str, tuple, type(None))
_DRAWING = Lock()
DURABLE = engines._pragmas
"""SQLite as the bot opens it."""


def compile_once(patch: pytest.MonkeyPatch) -> None:
    """Let all databases of a run share their compiled statements, as the transactions of one database do.

    Compiling them anew for each test's engine was a third of the store tests' time.
    """
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        # A statement is looked up by its dialect too, and every engine has one of its own.
        patch.setattr(dialect, "__eq__", _is_alike)
        patch.setattr(dialect, "__hash__", lambda dialect: hash(type(dialect)))
    compiled: dict[Any, Any] = {}
    shared = partial(create_async_engine, execution_options={"compiled_cache": compiled, **_ROWS})
    patch.setattr(engines, "create_async_engine", shared)


def introduce_once(patch: pytest.MonkeyPatch) -> None:
    """Let an engine take over what others were told of themselves by the same kind of database: each asks again."""
    known: dict[type[Any], dict[str, Any]] = {}
    for dialect in (SQLiteDialect_aiosqlite, PGDialect_asyncpg):
        patch.setattr(dialect, "initialize", partialmethod(_introduce, dialect.initialize, known))


def never_sync(patch: pytest.MonkeyPatch) -> None:
    """Let SQLite leave it to the operating system when it writes to the disk: no test cuts the power."""
    patch.setattr(engines, "_pragmas", _volatile)


def wait_less(patch: pytest.MonkeyPatch) -> None:
    """Let pauses before another try grow from a twentieth of a second instead of a whole one."""
    patch.setattr(Backoff.__init__, "__defaults__", (0.05, 1.5))
    patch.setattr(ingest, "_RETRY_PAUSE", 0.01)


def draw_here(patch: pytest.MonkeyPatch) -> None:
    """Draw what is sent in this process, by what it has imported already: a process for each picture takes seconds.

    That what is drawn can be handed to a process is still seen; the process itself is the tests' of `models.files`.
    """
    patch.setattr(aside, "start", _pretended)


class _Here:
    """What we use of `asyncio.subprocess.Process`."""

    returncode: int | None = None

    async def communicate(self, sheet: bytes) -> tuple[bytes, bytes]:
        try:
            picture = await asyncio.to_thread(_drawn, sheet)
        except Exception:  # a process would say what, and end so
            self.returncode = 1
            return b"", b""
        self.returncode = 0
        return picture, b""

    def kill(self) -> None:
        self.returncode = -9

    async def wait(self) -> None:
        pass


async def _pretended(_loads: object = ()) -> _Here:
    return _Here()


def _drawn(sheet: bytes) -> bytes:
    with _DRAWING:
        found: bytes = pickle.loads(sheet).content()  # noqa: S301 - from this very process
        return found


def _introduce(dialect: Any, ask: Callable[[Any, Any], None], known: dict[type[Any], Any], connection: Any) -> None:
    if type(dialect) not in known:
        before = dict(vars(dialect))
        ask(dialect, connection)
        told = {name: value for name, value in vars(dialect).items() if name not in before or before[name] != value}
        known[type(dialect)] = {name: value for name, value in told.items() if isinstance(value, _PLAIN)}
    vars(dialect).update(known[type(dialect)])


def _is_alike(one: object, other: object) -> bool:
    return type(one) is type(other)


def _volatile(writes: bool) -> tuple[str, ...]:
    return tuple(pragma.replace("= FULL", "= OFF") for pragma in DURABLE(writes))
