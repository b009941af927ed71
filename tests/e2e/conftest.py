"""Fixtures of the end-to-end tests."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from models.migrations.upgrade import upgrade
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests.e2e.chat import Person
from tests.e2e.world import MORNING, World, open_world


@pytest.fixture
async def world(tmp_path: Path) -> AsyncIterator[World]:
    """The application on SQLite, at nine in the morning."""
    clock = MovableClock(MORNING)
    url = f"sqlite+aiosqlite:///{tmp_path}/e2e.sqlite3"
    await upgrade(url)
    database = Database(url, Keyring.parse(Keyring.generate()), clock)
    async with open_world(database, clock) as opened:
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
