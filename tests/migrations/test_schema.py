"""Migrations lead to the schema that the tables declare, on both databases, and back."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Inspector, inspect, select, text
from sqlalchemy.exc import DBAPIError

from bot.troubles import explained
from models.migrations.upgrade import HEAD, _migrate, current, is_current, upgrade
from models.rules.benefits import BenefitCode
from models.rules.clock import MovableClock, local_day
from models.rules.consent import ON_REGISTERING, Purpose
from models.store import benefit_decisions, benefits, consents
from models.store.benefit_decisions import Verdict
from models.store.benefits import Application
from models.store.database import Database, StoreSession, writing_engine
from models.store.keyring import Keyring
from models.store.lost import is_behind
from models.tables import Base
from models.tables.base import table
from models.tables.residents import Consent
from models.tables.tallies import Lot, Touch
from tests.conftest import KEYS, MONDAY, NewDatabase
from tests.factories.world import build, person

SCRIPTS = "models/migrations"


@pytest.fixture
async def empty_url(backend: str, new_database: NewDatabase) -> str:
    """A database without any table."""
    url = await new_database(backend)
    engine = writing_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.drop_all)
        await connection.execute(text("DROP TABLE alembic_version"))
    await engine.dispose()
    return url


def shape(connection: Connection) -> dict[str, Any]:
    """Everything that can be asked about the schema, made comparable."""
    inspector = inspect(connection)
    names = [name for name in inspector.get_table_names() if name != "alembic_version"]
    return {name: _table(inspector, name, connection) for name in sorted(names)}


def _table(inspector: Inspector, name: str, connection: Connection) -> dict[str, Any]:
    return {
        "columns": sorted(_plain(column) for column in inspector.get_columns(name)),
        "primary": inspector.get_pk_constraint(name),
        "foreign": sorted(map(_plain, inspector.get_foreign_keys(name))),
        "unique": sorted(map(_plain, inspector.get_unique_constraints(name))),
        "checks": sorted(map(_plain, inspector.get_check_constraints(name))),
        "indexes": sorted(map(_plain, inspector.get_indexes(name))),
        "options": _options(connection, name),
    }


def _plain(found: Any) -> str:
    """Write a description out, so that equal ones are equal texts."""
    if isinstance(found, Mapping):
        return str(sorted((key, _plain(value)) for key, value in found.items()))
    return str(found)


def _options(connection: Connection, name: str) -> object:
    if connection.dialect.name != "postgresql":
        return None
    return connection.execute(text("SELECT reloptions FROM pg_class WHERE relname = :name"), {"name": name}).scalar()


async def test_migrated_is_declared(empty_url: str) -> None:
    engine = writing_engine(empty_url)
    async with engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        declared = await connection.run_sync(shape)
        await connection.run_sync(Base.metadata.drop_all)
    assert await upgrade(empty_url)
    async with engine.begin() as connection:
        migrated = await connection.run_sync(shape)
        difference = await connection.run_sync(
            lambda sync: compare_metadata(MigrationContext.configure(sync, opts={"compare_type": True}), Base.metadata)
        )
    await engine.dispose()
    assert migrated == declared
    assert difference == []
    assert len(migrated) == len(Base.metadata.tables)


async def test_an_upgrade_is_done_once(empty_url: str) -> None:
    assert await current(empty_url) is None
    assert not await is_current(empty_url)
    database = Database(empty_url, Keyring.parse(KEYS), MovableClock(MONDAY))
    with pytest.raises(DBAPIError) as raised:
        async with database.reading() as session:
            await session.rows(select(table(Consent)))
    await database.close()
    assert is_behind(raised.value)
    assert "suifang migrate" in str(explained(raised.value))
    assert await upgrade(empty_url)
    assert await current(empty_url) == HEAD
    assert await is_current(empty_url)
    assert not await upgrade(empty_url)


async def test_a_downgrade_leaves_nothing(empty_url: str) -> None:
    from alembic import command

    await upgrade(empty_url)

    def go_back(connection: Connection) -> dict[str, Any]:
        config = Config()
        config.set_main_option("script_location", SCRIPTS)
        config.attributes["connection"] = connection
        command.downgrade(config, "base")
        return shape(connection)

    engine = writing_engine(empty_url)
    async with engine.begin() as connection:
        assert await connection.run_sync(go_back) == {}
    await engine.dispose()


async def test_a_failed_upgrade_changes_nothing(empty_url: str) -> None:
    engine = writing_engine(empty_url)

    def fail(connection: Connection) -> None:
        _migrate(connection, "head")
        raise RuntimeError("the power went")

    with pytest.raises(RuntimeError):
        async with engine.begin() as connection:
            await connection.run_sync(fail)
    async with engine.begin() as connection:
        assert await connection.run_sync(shape) == {}
    await engine.dispose()
    assert await current(empty_url) is None


def test_the_newest_revision_is_known_without_alembic() -> None:
    config = Config()
    config.set_main_option("script_location", SCRIPTS)
    assert ScriptDirectory.from_config(config).get_heads() == [HEAD]


async def test_a_database_with_people_in_it_learns_what_benefits_need(empty_url: str) -> None:
    await upgrade(empty_url, "0003")
    clock = MovableClock(MONDAY)
    database = Database(empty_url, Keyring.parse(KEYS), clock)
    async with database.transaction() as session:
        world = await build(session)
        hers = await person(session, world.manager, consents=frozenset(ON_REGISTERING), programmes=("checkup",))
        before = await _rows(session)
    await upgrade(empty_url)
    async with database.transaction() as session:
        assert await _rows(session) == before
        await consents.give(session, world.manager, hers, [Purpose.BENEFITS])
        wanted = Application(hers, BenefitCode.REWARD, local_day(MONDAY))
        asked = await benefits.apply(session, world.manager, wanted)
        await benefit_decisions.decide(session, world.clinic, asked.id, Verdict())
        lots = {row.lot for row in await session.rows(select(Touch.lot))}
    await database.close()
    assert Lot.BENEFIT in lots


async def _rows(session: StoreSession) -> list[object]:
    """Return consents and notes of changes, whose tables are made anew on SQLite."""
    models = (table(Consent), table(Touch))
    return [[tuple(row) for row in await session.rows(select(one).order_by(one.c.id))] for one in models]
