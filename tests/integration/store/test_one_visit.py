"""A statement on SQLite is one visit to the connection's thread, and gives what four of them gave."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.exc import IntegrityError, OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from models.store import engines


@pytest.fixture
async def connection(tmp_path: Path) -> AsyncIterator[AsyncConnection]:
    """An open connection to an empty file with one table."""
    engine = engines.sqlite(make_url(f"sqlite+aiosqlite:///{tmp_path}/one.db"), writes=True, autocommit=True)
    async with engine.connect() as opened:
        await opened.execute(text("CREATE TABLE heard (id INTEGER PRIMARY KEY, word TEXT UNIQUE)"))
        yield opened
    await engine.dispose()


async def test_rows_counts_and_numbers_come_back(connection: AsyncConnection) -> None:
    added = text("INSERT INTO heard (word) VALUES (:word)")
    assert (await connection.execute(added, {"word": "一"})).lastrowid == 1
    await connection.execute(added, [{"word": "二"}, {"word": "三"}])
    changed = await connection.execute(text("UPDATE heard SET word = word || '了' WHERE id > 1"))
    assert changed.rowcount == 2
    again = await connection.execute(text("DELETE FROM heard WHERE id > 1 RETURNING word"))
    assert sorted(again.scalars()) == ["三了", "二了"]
    found = await connection.execute(text("SELECT id, word FROM heard"))
    assert list(found.keys()) == ["id", "word"]
    assert [tuple(row) for row in found.all()] == [(1, "一")]


async def test_what_fails_raises_what_sqlalchemy_raises(connection: AsyncConnection) -> None:
    added = text("INSERT INTO heard (word) VALUES ('一')")
    await connection.execute(added)
    with pytest.raises(IntegrityError):
        await connection.execute(added)
    with pytest.raises(OperationalError):
        await connection.execute(text("SELECT nothing FROM nowhere"))
    assert (await connection.execute(text("SELECT count(*) FROM heard"))).scalar() == 1


async def test_each_statement_is_one_visit(connection: AsyncConnection, monkeypatch: pytest.MonkeyPatch) -> None:
    driver: Any = (await connection.get_raw_connection()).driver_connection
    visits, visit = [], driver._execute

    async def counted(*what: Any) -> Any:
        visits.append(what)
        return await visit(*what)

    monkeypatch.setattr(driver, "_execute", counted)
    await connection.execute(text("INSERT INTO heard (word) VALUES ('一')"))
    assert (await connection.execute(text("SELECT word FROM heard"))).all() == [("一",)]
    assert len(visits) == 2
