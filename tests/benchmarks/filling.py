"""Many rows at once: handed to the driver as they are, without triggers, indexes built afterwards."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime
from enum import StrEnum
from itertools import islice
from typing import Any

from sqlalchemy import Column, Table, text
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.schema import CreateIndex, DropIndex

from models.store.database import writing_engine
from models.tables import triggers
from models.tables.base import Base, table

Row = Mapping[str, Any]
_BATCH = 20_000


async def fill(url: str, lots: Iterable[tuple[type[Base], Iterable[Row]]]) -> None:
    """Write rows, table by table; what isn't said of a row is its column's default."""
    engine = writing_engine(url)
    async with engine.begin() as connection:
        await _without_triggers(connection)
        for model, rows in lots:
            await _fill(connection, table(model), iter(rows))
        for statement in triggers.statements(connection.dialect.name):
            await connection.execute(text(statement))
        if connection.dialect.name == "postgresql":
            await connection.execute(text("ANALYZE"))
    await engine.dispose()


async def without_triggers(url: str) -> None:
    """Take the triggers away."""
    engine = writing_engine(url)
    async with engine.begin() as connection:
        await _without_triggers(connection)
    await engine.dispose()


async def _without_triggers(connection: AsyncConnection) -> None:
    of = " ON {}" if connection.dialect.name == "postgresql" else ""
    for watch in triggers.WATCHED:
        for event in watch.events:
            await connection.execute(text(f"DROP TRIGGER {watch.trigger(event)}{of.format(watch.table)}"))


async def _fill(connection: AsyncConnection, into: Table, rows: Iterator[Row]) -> None:
    indexes = sorted(into.indexes, key=lambda index: str(index.name))
    for index in indexes:
        await connection.execute(DropIndex(index))
    raw = (await connection.get_raw_connection()).driver_connection
    columns = list(into.columns)
    names = [column.name for column in columns]
    while batch := [_values(columns, row) for row in islice(rows, _BATCH)]:
        if connection.dialect.name == "postgresql":
            await raw.copy_records_to_table(into.name, records=batch, columns=names)
        else:
            places = ", ".join("?" for _ in names)
            await raw.executemany(
                f"INSERT INTO {into.name} ({', '.join(names)}) VALUES ({places})", [_texts(row) for row in batch]
            )
    for index in indexes:
        await connection.execute(CreateIndex(index))


def _values(columns: Sequence[Column[Any]], row: Row) -> list[Any]:
    return [_plain(row[column.name] if column.name in row else _default(column)) for column in columns]


def _default(column: Column[Any]) -> Any:
    if column.default is None:
        return None
    value = column.default.arg  # type: ignore[attr-defined]
    return value(None) if callable(value) else value


def _plain(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    return json.dumps(value) if isinstance(value, dict) else value


def _texts(row: Iterable[Any]) -> list[Any]:
    """Return values as SQLAlchemy writes them on SQLite."""
    return [_text(value) for value in row]


def _text(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).replace(tzinfo=None).isoformat(" ", "microseconds")
    return value.isoformat() if isinstance(value, date) else value
