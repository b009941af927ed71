"""Migrated databases have exactly the triggers that are declared."""

from __future__ import annotations

from sqlalchemy import Connection, text

from models.store.database import writing_engine
from models.tables import triggers

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' ORDER BY name"
_POSTGRES = """
    SELECT t.tgname, pg_get_triggerdef(t.oid) || chr(10) || p.prosrc || CAST(t.tgenabled AS text)
    FROM pg_trigger t JOIN pg_proc p ON p.oid = t.tgfoid WHERE NOT t.tgisinternal ORDER BY t.tgname
"""


def installed(connection: Connection) -> dict[str, str]:
    is_sqlite = connection.dialect.name == "sqlite"
    rows = connection.execute(text(_SQLITE if is_sqlite else _POSTGRES))
    return {row[0]: row[1] for row in rows}


def install_anew(connection: Connection) -> None:
    is_sqlite = connection.dialect.name == "sqlite"
    for watch in triggers.WATCHED:
        for event in watch.events:
            name = watch.trigger(event)
            connection.execute(text(f"DROP TRIGGER {name}" + ("" if is_sqlite else f" ON {watch.table}")))
            if not is_sqlite:
                connection.execute(text(f"DROP FUNCTION {name}()"))
    assert installed(connection) == {}
    for statement in triggers.statements(connection.dialect.name):
        connection.execute(text(statement))


async def test_migrated_triggers_are_those_declared(database_url: str) -> None:
    engine = writing_engine(database_url)
    async with engine.connect() as connection:
        migrated = await connection.run_sync(installed)
        await connection.run_sync(install_anew)
        declared = await connection.run_sync(installed)
        await connection.rollback()
    await engine.dispose()
    assert migrated == declared
    assert len(declared) == sum(len(watch.events) for watch in triggers.WATCHED)
