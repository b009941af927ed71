"""Fixtures of the Telegram tests."""

from __future__ import annotations

from collections.abc import AsyncIterator

import aiohttp
import pytest

from models.rules.clock import MovableClock
from models.store.database import Database
from tests.fixtures import prepared
from tests.integration.telegram.playground import Playground

BOTH = pytest.mark.parametrize("backend", ["sqlite", "postgres"], indirect=True)
"""Run a test on both databases."""
POSTGRES = pytest.mark.parametrize("backend", ["postgres"], indirect=True)
"""Run a test on PostgreSQL only."""


@pytest.fixture
def backend(request: pytest.FixtureRequest) -> str:
    """SQLite when a test doesn't say."""
    return prepared(request, getattr(request, "param", "sqlite"))


@pytest.fixture
async def play(database: Database, clock: MovableClock) -> AsyncIterator[Playground]:
    """A playground on an empty database."""
    async with aiohttp.ClientSession() as http:
        playground = Playground(database, clock, http)
        await playground.open()
        yield playground
        await playground.close()
