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
from tests.conftest import KEYS, NewDatabase
from tests.e2e.chat import Person
from tests.e2e.world import MORNING, Populated, World, open_world, populate

EVERYWHERE = pytest.mark.parametrize("setting", ["sqlite", "postgres", "webhook"], indirect=True)
"""Run a test on both databases, and with updates brought by webhook."""


def _hook() -> Hook:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Hook(f"http://127.0.0.1:{port}/telegram", "e2e-webhook-secret-1234", port=port)


@dataclass(frozen=True)
class Township:
    """A SQLite file with the township in it, to be copied for each test."""

    path: Path
    populated: Populated


@pytest.fixture(scope="session")
def township(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Township:
    """The township, made once."""
    path = tmp_path_factory.mktemp("township") / "township.db"
    shutil.copyfile(sqlite_template, path)
    return Township(path, asyncio.run(_populate(path)))


async def _populate(path: Path) -> Populated:
    database = Database(f"sqlite+aiosqlite:///{path}", Keyring.parse(KEYS), MovableClock(MORNING))
    populated = await populate(database)
    await database.close()
    return populated


@pytest.fixture
def setting(request: pytest.FixtureRequest) -> str:
    """Where a test runs: on SQLite and by long polling when it doesn't say."""
    chosen: str = getattr(request, "param", "sqlite")
    # Asked for here, because they can't be made from inside a running event loop.
    request.getfixturevalue("postgres" if chosen == "postgres" else "township")
    return chosen


@pytest.fixture
async def world(
    request: pytest.FixtureRequest, setting: str, new_database: NewDatabase, tmp_path: Path
) -> AsyncIterator[World]:
    """The application at nine in the morning."""
    clock = MovableClock(MORNING)
    made: Township | None = None if setting == "postgres" else request.getfixturevalue("township")
    if made is None:
        url = await new_database("postgres")
    else:
        url = f"sqlite+aiosqlite:///{shutil.copyfile(made.path, tmp_path / 'world.db')}"
    database = Database(url, Keyring.parse(KEYS), clock)
    known = made and (dict(made.populated[0]), dict(made.populated[1]))
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
