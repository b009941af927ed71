"""The demo township, made once and copied for every test."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.local.demo import seed
from models.rules.access import Actor, Role
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests import shared
from tests.conftest import KEYS, MONDAY
from tests.integration.local.demo import actor


@pytest.fixture(scope="session")
def demo_file(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the whole demo, of `MONDAY`."""

    def make(path: Path) -> None:
        shutil.copyfile(sqlite_template, path)
        asyncio.run(_make(path))

    return shared.once(tmp_path_factory, "demo.db", make)[0]


async def _make(path: Path) -> None:
    clock = MovableClock(MONDAY)
    database = Database(f"sqlite+aiosqlite:///{path}", Keyring.parse(KEYS), clock)
    await seed(database, clock)
    await database.close()


@pytest.fixture
async def demo(demo_file: Path, tmp_path: Path, keyring: Keyring, clock: MovableClock) -> AsyncIterator[Database]:
    """The whole demo township, in a file of its own."""
    path = tmp_path / "demo.db"
    shutil.copyfile(demo_file, path)
    database = Database(f"sqlite+aiosqlite:///{path}", keyring, clock)
    yield database
    await database.close()


@pytest.fixture
async def clinic(demo: Database) -> Actor:
    async with demo.transaction() as session:
        return await actor(session, Role.CLINIC)
