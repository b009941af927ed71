"""Fixtures of the Telegram tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables import Base
from tests.integration.telegram.playground import Playground


@pytest.fixture
async def play(tmp_path) -> AsyncIterator[Playground]:
    """A playground on SQLite."""
    clock = MovableClock()
    database = Database(f"sqlite:///{tmp_path}/t.db", Keyring.parse(Keyring.generate()), clock)
    async with database.transaction() as session:
        await session.connection.run_sync(Base.metadata.create_all)
    async with aiohttp.ClientSession() as http:
        playground = Playground(database, clock, http)
        await playground.open()
        yield playground
        await playground.close()
    await database.close()
