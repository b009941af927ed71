"""Databases for tests: each test gets its own, copied from a template that was migrated once."""

from __future__ import annotations

import asyncio
import itertools
import shutil
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from models.migrations.upgrade import upgrade
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests import shared, thrift
from tests.conftest import BACKENDS, KEYS, MONDAY, NewDatabase
from tests.factories.postgres import EMPTY, PEOPLED, Postgres, Prepared, new_folder, open_copy, open_new, stop
from tests.factories.world import World, build

_numbers = itertools.count(1)


@pytest.fixture(scope="session", autouse=True)
def thrifty() -> Iterator[None]:
    """Save what no test can tell."""
    with pytest.MonkeyPatch.context() as patch:
        thrift.compile_once(patch)
        thrift.introduce_once(patch)
        thrift.never_sync(patch)
        thrift.wait_less(patch)
        yield


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Postgres]:
    """A server of this worker's own, because some tests crash it; it was made once and copied."""
    folder, prepared = shared.once(tmp_path_factory, "postgres", _prepare)
    server = open_copy(folder, prepared)
    yield server
    stop(server)


def _prepare(folder: Path) -> Prepared:
    server = open_new(new_folder())
    for name in (EMPTY, PEOPLED):
        asyncio.run(server.run(f"CREATE DATABASE {name}"))
        asyncio.run(upgrade(server.url(name)))
    found = asyncio.run(_people(server.url(PEOPLED)))
    kept = asyncio.run(server.filled(PEOPLED))
    asyncio.run(server.keep(PEOPLED, kept))
    stop(server, moved_to=folder)
    return Prepared(found, kept)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file."""
    path, _ = shared.once(tmp_path_factory, "template.db", _migrate)
    return path


def _migrate(path: Path) -> None:
    asyncio.run(upgrade(f"sqlite+aiosqlite:///{path}"))


@pytest.fixture(scope="session")
def sqlite_world(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, World]:
    """A SQLite file with a `World`, and that world."""

    def make(path: Path) -> World:
        shutil.copyfile(sqlite_template, path)
        return asyncio.run(_people(f"sqlite+aiosqlite:///{path}"))

    return shared.once(tmp_path_factory, "world.db", make)


async def _people(url: str) -> World:
    database = Database(url, Keyring.parse(KEYS), MovableClock(MONDAY))
    async with database.transaction() as session:
        found = await build(session)
    await database.close()
    return found


@pytest.fixture(scope="session")
def databases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder for SQLite files; pytest's own for each test take the longer to make the more there are."""
    return tmp_path_factory.mktemp("databases")


@pytest.fixture
async def new_database(request: pytest.FixtureRequest, databases: Path) -> AsyncIterator[NewDatabase]:
    """Make a migrated database on `sqlite` or `postgres`, empty or like a `template`, and return its URL."""
    made: list[tuple[Postgres, str]] = []

    async def make(backend: str, template: str | Path | None = None) -> str:
        if backend == "sqlite":
            path = databases / f"{next(_numbers)}.db"
            shutil.copyfile(template or request.getfixturevalue("sqlite_template"), path)
            return f"sqlite+aiosqlite:///{path}"
        server: Postgres = request.getfixturevalue("postgres")
        name = await server.create(str(template or EMPTY))
        made.append((server, name))
        return server.url(name)

    yield make
    for server, name in made:
        await server.run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> str:
    """Run the test on both databases."""
    return prepared(request, request.param)


def prepared(request: pytest.FixtureRequest, backend: str) -> str:
    """Make what all databases of a kind are copied from: it can't be made from inside a running event loop."""
    if backend == "postgres":
        request.getfixturevalue("postgres")
    else:
        request.getfixturevalue("sqlite_world" if _has_world(request) else "sqlite_template")
    return backend


def _has_world(request: pytest.FixtureRequest) -> bool:
    return "world" in request.fixturenames


@pytest.fixture
async def database_url(request: pytest.FixtureRequest, backend: str, new_database: NewDatabase) -> AsyncIterator[str]:
    """The URL of a migrated database, whose tables stay as they are; it is empty unless the test asks for the world."""
    if backend == "sqlite":
        template = request.getfixturevalue("sqlite_world")[0] if _has_world(request) else None
        yield await new_database(backend, template)
        return
    server: Postgres = request.getfixturevalue("postgres")
    template = PEOPLED if _has_world(request) else EMPTY
    name = await server.take(template)
    yield server.url(name)
    await server.give_back(name, template)


@pytest.fixture
def keyring() -> Keyring:
    return Keyring.parse(KEYS)


@pytest.fixture
def clock() -> MovableClock:
    """Stands still on a Monday morning until it is moved."""
    return MovableClock(MONDAY)


@pytest.fixture
async def database(database_url: str, keyring: Keyring, clock: MovableClock) -> AsyncIterator[Database]:
    """A migrated database, empty unless the test asks for the world."""
    opened = Database(database_url, keyring, clock)
    yield opened
    await opened.close()


@pytest.fixture
def world(request: pytest.FixtureRequest, backend: str, database: Database) -> World:
    """A township of two villages and everybody who works there, of `MONDAY`; the test's database was copied from it."""
    found: World | None = None
    if backend == "postgres":
        found = request.getfixturevalue("postgres").world
    return found or request.getfixturevalue("sqlite_world")[1]
