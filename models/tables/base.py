"""The base of every mapped class: ids, column types and the names of constraints."""

from __future__ import annotations

import secrets
import threading
from datetime import UTC, date, datetime, time
from enum import StrEnum
from time import time_ns
from typing import Any, cast

from sqlalchemy import JSON, BigInteger, Date, DateTime, Dialect, Enum, Integer, MetaData, Table, Time
from sqlalchemy.orm import DeclarativeBase, MappedColumn, mapped_column
from sqlalchemy.types import TypeDecorator

_NAMING = {
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
_EPOCH_MS = 1_577_836_800_000
"""2020-01-01T00:00Z: 41 bits of milliseconds from here last until 2089."""
_RANDOM_BITS = 22
_id_lock = threading.Lock()
_last_id = 0


def new_id() -> int:
    """Make a row id: 63 bits, growing within a process, made here so that ciphertext can name its row.

    The machine's time only keeps neighbours together in an index; nothing is ever decided by it.
    """
    global _last_id
    stamp = time_ns() // 1_000_000 - _EPOCH_MS
    candidate = (stamp << _RANDOM_BITS) | secrets.randbits(_RANDOM_BITS - 1)
    with _id_lock:
        _last_id = max(candidate, _last_id + 1)
        return _last_id


class Instant(TypeDecorator[datetime]):
    """A moment: aware in, aware UTC out, on SQLite too (which keeps no zone)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse a naive moment, store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a zone can't be stored")
        utc = value.astimezone(UTC)
        return utc.replace(tzinfo=None) if dialect.name == "sqlite" else utc

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return UTC."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


Id = BigInteger().with_variant(Integer(), "sqlite")
"""63-bit keys; on SQLite `INTEGER`, so that a primary key is the row id itself."""


def choice(kind: type[StrEnum], name: str) -> Enum:
    """Return a column type that stores the value of a `StrEnum` as text, checked by the database."""
    return Enum(
        kind,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=24,
        values_callable=lambda members: [member.value for member in members],
    )


def id_column() -> MappedColumn[int]:
    """Return a primary key that is made by `new_id`."""
    return mapped_column(Id, primary_key=True, autoincrement=False, default=new_id)


class Base(DeclarativeBase):
    """Every mapped class derives from it."""

    metadata = MetaData(naming_convention=_NAMING)
    type_annotation_map = {  # noqa: RUF012 - SQLAlchemy's own protocol
        int: Id,
        datetime: Instant(),
        date: Date(),
        time: Time(),
        dict[str, Any]: JSON(),
        list[Any]: JSON(),
    }


def table(model: type[Base]) -> Table:
    """Return the plain table behind a mapped class, for statements that must cost little."""
    return cast(Table, model.__table__)
