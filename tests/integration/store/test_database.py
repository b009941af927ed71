"""Transactions: whole or not at all, readers that only read, and a database that goes away."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path

import pytest
from sqlalchemy import bindparam, select, text
from sqlalchemy.exc import DBAPIError

from models.rules.clock import MovableClock
from models.store import engines, inbox, places
from models.store.database import Database, NotCommittedError, StoreSession, is_disconnect, normal_url
from models.store.hot import Hot
from models.store.keyring import Keyring
from models.tables.base import Base, new_id, table
from models.tables.inbox import ProcessedUpdate
from models.tables.places import Place, PlaceKind
from tests import thrift
from tests.conftest import KEYS


async def test_an_error_rolls_back(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as session:
            await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇")
            raise RuntimeError
    async with database.transaction() as session:
        assert await places.townships(session) == []


async def test_a_savepoint_rolls_back_its_part_only(database: Database) -> None:
    async with database.transaction() as session:
        await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")
        with pytest.raises(RuntimeError):
            async with session.savepoint():
                await places.add(session, "2", PlaceKind.TOWNSHIP, "乙")
                raise RuntimeError
    async with database.transaction() as session:
        assert [place.name for place in await places.townships(session)] == ["甲"]


async def test_200_increments_at_once_lose_none(database: Database) -> None:
    async with database.transaction() as session:
        place = await places.add(session, "1", PlaceKind.TOWNSHIP, "0")

    async def increment() -> None:
        async with database.transaction() as session:
            statement = select(Place.name).where(Place.id == place.id)
            found = await session.scalar(statement.with_for_update() if session.is_postgres else statement)
            where = table(Place).update().where(Place.id == place.id)
            await session.execute(where.values(name=str(int(found) + 1)))

    await asyncio.gather(*(increment() for _ in range(200)))
    async with database.reading() as session:
        assert (await places.get(session, place.id)).name == "200"


async def test_readers_see_what_is_committed_while_a_writer_works(database: Database) -> None:
    async with database.transaction() as session:
        await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")
    async with database.transaction() as writer:
        await places.add(writer, "2", PlaceKind.TOWNSHIP, "乙")
        async with asyncio.timeout(5), database.reading() as reader:
            assert len(await places.townships(reader)) == 1


async def test_sqlite_readers_can_not_write(database: Database) -> None:
    if database.is_postgres:
        return
    with pytest.raises(DBAPIError):
        async with database.reading() as session:
            await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")


async def test_sqlite_is_durable_and_strict(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    if database.is_postgres:
        return
    monkeypatch.setattr(engines, "_pragmas", thrift.DURABLE)
    expected = {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1}
    async with database.transaction() as session:
        for pragma, value in expected.items():
            assert await session.scalar(text(f"PRAGMA {pragma}")) == value


async def test_a_place_of_no_parent_is_refused(database: Database) -> None:
    with pytest.raises(DBAPIError) as error:
        async with database.transaction() as session:
            values = {"id": 1, "code": "1", "kind": PlaceKind.VILLAGE, "township_id": 2, "name": "x"}
            await session.execute(table(Place).insert(), values)
    assert not is_disconnect(error.value)


async def test_an_unknown_kind_is_refused_by_the_database(database: Database) -> None:
    with pytest.raises(DBAPIError):
        async with database.transaction() as session:
            await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")
            await session.execute(text("UPDATE places SET kind = 'planet'"))


async def test_lost_connections_are_told_and_overcome(database: Database) -> None:
    if not database.is_postgres:
        return
    with pytest.raises(DBAPIError) as error:
        async with database.transaction() as session:
            await _end_everybody_else(database, session)
            await session.scalar(text("SELECT 1"))
    assert is_disconnect(error.value)
    async with database.transaction() as session:
        assert await session.scalar(text("SELECT 1")) == 1


async def _end_everybody_else(database: Database, session: StoreSession) -> None:
    victim = await session.scalar(text("SELECT pg_backend_pid()"))
    async with database.transaction() as other:
        await other.scalar(text(f"SELECT pg_terminate_backend({int(victim)})"))


async def test_a_swallowed_failure_does_not_pass_for_a_commit(database: Database) -> None:
    if not database.is_postgres:
        return  # SQLite undoes the failed statement only, and commits the rest
    with pytest.raises(NotCommittedError):
        async with database.transaction() as session:
            await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")
            with contextlib.suppress(DBAPIError):
                await session.execute(text("SELECT 1/0"))
    async with database.transaction() as session:
        assert await places.townships(session) == []


async def test_a_cancelled_transaction_leaves_its_connection_clean(
    database_url: str, keyring: Keyring, clock: MovableClock
) -> None:
    database = Database(database_url, keyring, clock, pool_size=1)
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as session:
            await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")
            inside.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10), database.transaction() as session:
        assert await places.townships(session) == []
    await database.close()


ENDLESS = text("WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT count(*) FROM r")
"""A statement that never returns by itself."""


@pytest.mark.parametrize("in_part", [False, True])
async def test_a_cancelled_statement_frees_the_database_at_once(database: Database, in_part: bool) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.transaction() as session:
            await places.add(session, "1", PlaceKind.TOWNSHIP, "甲")
            async with session.savepoint() if in_part else contextlib.nullcontext():
                inside.set()
                await session.scalar(ENDLESS)

    task = asyncio.create_task(hang())
    await inside.wait()
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError) as error:
        await task
    async with asyncio.timeout(5), database.transaction() as session:
        assert await places.townships(session) == []
    assert error.value is not None  # its traceback holds the statement's cursor until here


async def test_a_statement_out_of_time_inside_a_part_is_out_of_time(database: Database) -> None:
    with pytest.raises(TimeoutError):
        async with database.transaction() as session, asyncio.timeout(0.1), session.savepoint():
            await session.scalar(ENDLESS)
    async with asyncio.timeout(5), database.transaction() as session:
        assert await places.townships(session) == []


async def test_a_transaction_that_freezes_is_ended_by_the_server(database: Database) -> None:
    if not database.is_postgres:
        return
    async with database.transaction() as session:
        assert await session.scalar(text("SHOW idle_in_transaction_session_timeout")) == "2min"
    with pytest.raises(DBAPIError) as error:
        async with database.transaction() as session:
            await inbox.lock_chat(session, 7)
            await session.execute(text("SET idle_in_transaction_session_timeout = 50"))
            async with asyncio.timeout(10):
                while not session._driver.is_closed():  # noqa: ASYNC110 - nobody tells that the server hung up
                    await asyncio.sleep(0.01)
            await session.scalar(text("SELECT 1"))
    assert is_disconnect(error.value)


async def test_an_error_does_not_repeat_what_was_to_be_stored(database: Database) -> None:
    with pytest.raises(DBAPIError) as error:
        async with database.transaction() as session:
            values = {"id": 1, "code": "canary", "kind": PlaceKind.VILLAGE, "township_id": 2, "name": "canary"}
            await session.execute(table(Place).insert(), values)
    assert "INSERT" in str(error.value)
    assert "canary" not in str(error.value)


async def test_a_lost_connection_inside_a_part_is_told_as_itself(database: Database) -> None:
    if not database.is_postgres:
        return
    with pytest.raises(DBAPIError) as error:
        async with database.transaction() as session, session.savepoint():
            await _end_everybody_else(database, session)
            await session.scalar(text("SELECT 42"))
    assert is_disconnect(error.value)
    assert "SELECT 42" in str(error.value)


async def test_hot_statements_convert_like_any_other(database: Database, clock: MovableClock) -> None:
    columns = table(ProcessedUpdate).c
    query = select(columns.update_id, columns.at, columns.owed).where(columns.update_id == bindparam("n"))
    async with database.transaction() as session:
        await inbox.record(session, 1, 7, b"x")
        [hot] = await session.hot(Hot(query), {"n": 1})
        cold = await session.row(query, {"n": 1})
    assert cold is not None
    assert tuple(hot) == tuple(cold)
    assert hot[1] == clock.now()


async def test_an_unreachable_server_is_away(keyring: Keyring, clock: MovableClock) -> None:
    database = Database("postgresql://nobody@127.0.0.1:9/none", keyring, clock)
    with pytest.raises(OSError) as error:
        async with database.transaction():
            pass
    assert is_disconnect(error.value)
    await database.close()


async def test_a_folder_that_is_missing_is_away(tmp_path: Path, clock: MovableClock) -> None:
    database = Database(f"sqlite:///{tmp_path}/none/x.db", Keyring.parse(KEYS), clock)
    with pytest.raises(DBAPIError) as error:
        async with database.transaction():
            pass
    assert is_disconnect(error.value)
    await database.close()


@pytest.mark.parametrize(
    ("given", "driver"),
    [
        ("sqlite:///x.db", "sqlite+aiosqlite"),
        ("postgres://a@b/c", "postgresql+asyncpg"),
        ("postgresql://a@b/c", "postgresql+asyncpg"),
        ("postgresql+asyncpg://a@b/c", "postgresql+asyncpg"),
    ],
)
def test_the_driver_is_spelled_out(given: str, driver: str) -> None:
    assert normal_url(given).drivername == driver


def test_ids_grow_and_fit() -> None:
    ids = [new_id() for _ in range(5000)]
    assert ids == sorted(set(ids))
    assert 0 < ids[-1] < 2**63


def test_every_row_about_people_names_its_places() -> None:
    for name in ("residents", "consents", "enrolments", "visits", "attendances", "record_versions"):
        columns = Base.metadata.tables[name].c
        assert not columns.township_id.nullable
        assert not columns.village_id.nullable


async def test_a_sqlite_writer_holds_the_file_from_its_first_statement(
    database: Database, keyring: Keyring, clock: MovableClock
) -> None:
    if database.is_postgres:
        return
    other = Database(str(database.url), keyring, clock)
    steps: list[str] = []

    async def second() -> None:
        async with other.transaction() as session:
            await places.townships(session)
            steps.append("second")

    async with database.transaction() as session:
        await places.townships(session)
        waiting = asyncio.create_task(second())
        await asyncio.sleep(0.2)
        steps.append("first")
    await waiting
    await other.close()
    assert steps == ["first", "second"]
