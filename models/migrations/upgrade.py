"""Bringing a database to the present schema, in process and without an `alembic.ini`."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from models.store.database import writing_engine

HEAD = "0004"
"""The newest revision; a test holds it to the scripts. Knowing it here spares loading Alembic at each start."""

_LOCK = 7_305_001
"""Names the PostgreSQL lock with which only one of several replicas migrates."""


async def current(url: str) -> str | None:
    """Return the revision that a database has, `None` for an empty one."""
    engine = writing_engine(url)
    try:
        async with engine.connect() as connection:
            return await connection.run_sync(_revision)
    finally:
        await engine.dispose()


async def is_current(url: str) -> bool:
    """Return whether nothing has to be upgraded."""
    return await current(url) == HEAD


async def upgrade(url: str, revision: str = "head") -> bool:
    """Bring a database to `revision` in one transaction; returns whether there was anything to do.

    Raises:
        sqlalchemy.exc.SQLAlchemyError: the database is away, or refuses; nothing is changed then.
    """
    engine = writing_engine(url)
    try:
        return await _upgrade(engine, revision)
    finally:
        await engine.dispose()


async def _upgrade(engine: AsyncEngine, revision: str) -> bool:
    async with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            await connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        before = await connection.run_sync(_revision)
        if before == (HEAD if revision == "head" else revision):
            return False
        await connection.run_sync(_migrate, revision)
        return True


def _revision(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _migrate(connection: Connection, revision: str) -> None:
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, revision)
