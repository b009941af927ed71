"""Fixtures of the end-to-end tests."""

from __future__ import annotations

import socket
from collections.abc import AsyncIterator

import pytest

from bot.telegram.service import Hook
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.conftest import NewDatabase
from tests.e2e.chat import Person
from tests.e2e.world import MORNING, World, open_world

EVERYWHERE = pytest.mark.parametrize("setting", ["sqlite", "postgres", "webhook"], indirect=True)
"""Run a test on both databases, and with updates brought by webhook."""


def _hook() -> Hook:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    return Hook(f"http://127.0.0.1:{port}/telegram", "e2e-webhook-secret-1234", port=port)


@pytest.fixture
def setting(request: pytest.FixtureRequest) -> str:
    """Where a test runs: on SQLite and by long polling when it doesn't say."""
    chosen: str = getattr(request, "param", "sqlite")
    # Asked for here, because they can't be made from inside a running event loop.
    request.getfixturevalue("postgres" if chosen == "postgres" else "sqlite_template")
    return chosen


@pytest.fixture
async def world(setting: str, new_database: NewDatabase) -> AsyncIterator[World]:
    """The application at nine in the morning."""
    clock = MovableClock(MORNING)
    url = await new_database("postgres" if setting == "postgres" else "sqlite")
    database = Database(url, Keyring.parse(Keyring.generate()), clock)
    async with open_world(database, clock, hook=_hook() if setting == "webhook" else None) as opened:
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
