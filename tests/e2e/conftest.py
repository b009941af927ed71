"""Fixtures of the end-to-end tests."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.telegram.service import Hook
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests import shared, thrift
from tests.conftest import KEYS, NewDatabase
from tests.e2e.chat import Person
from tests.e2e.world import MORNING, Populated, World, open_world, populate
from tests.factories.postgres import Postgres

EVERYWHERE = pytest.mark.parametrize("setting", ["postgres", "webhook"], indirect=True)
"""Run a test on both databases: with long polling on PostgreSQL, with updates brought by webhook on SQLite.

Whatever doesn't say where it runs polls on SQLite.
"""


def _hook() -> Hook:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Hook(f"http://127.0.0.1:{port}/telegram", "e2e-webhook-secret-1234", port=port)


@pytest.fixture(autouse=True)
def drawn_here(monkeypatch: pytest.MonkeyPatch) -> None:
    """Start no process for a picture."""
    thrift.draw_here(monkeypatch)


@dataclass(frozen=True)
class Township:
    """A database with the township in it, to be copied for each test.

    Attributes:
        template: the file, or the database's name on PostgreSQL.
    """

    template: Path | str
    populated: Populated


@pytest.fixture(scope="session")
def sqlite_township(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Township:
    """The township, made once."""

    def make(path: Path) -> Populated:
        shutil.copyfile(sqlite_template, path)
        return asyncio.run(_populate(f"sqlite+aiosqlite:///{path}"))

    return Township(*shared.once(tmp_path_factory, "township.db", make))


@pytest.fixture(scope="session")
def postgres_township(postgres: Postgres) -> Township:
    """The township, made once on PostgreSQL."""
    asyncio.run(postgres.run("CREATE DATABASE township TEMPLATE template"))
    return Township("township", asyncio.run(_populate(postgres.url("township"))))


async def _populate(url: str) -> Populated:
    database = Database(url, Keyring.parse(KEYS), MovableClock(MORNING))
    populated = await populate(database)
    await database.close()
    return populated


@pytest.fixture
def setting(request: pytest.FixtureRequest) -> str:
    """Where a test runs: on SQLite and by long polling when it doesn't say."""
    return getattr(request, "param", "sqlite")


@pytest.fixture
def township(request: pytest.FixtureRequest, setting: str) -> Township:
    """The township on the database of the test; it can't be made from inside a running event loop."""
    found: Township = request.getfixturevalue("postgres_township" if setting == "postgres" else "sqlite_township")
    return found


@pytest.fixture
async def world(setting: str, township: Township, new_database: NewDatabase) -> AsyncIterator[World]:
    """The application at nine in the morning."""
    clock = MovableClock(MORNING)
    url = await new_database("postgres" if setting == "postgres" else "sqlite", township.template)
    database = Database(url, Keyring.parse(KEYS), clock)
    known = (dict(township.populated[0]), dict(township.populated[1]))
    async with open_world(database, clock, hook=_hook() if setting == "webhook" else None, known=known) as opened:
        yield opened
    await database.close()


@pytest.fixture
async def manager(world: World) -> Person:
    """The manager of 大王庄, who has the menu in front of them."""
    person = await world.staff("manager")
    await person.send("/menu")
    await person.expect("按钮")
    person.taps = person.typed = 0
    return person
