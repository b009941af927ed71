"""Telling a database that is away or busy (try again), or of an older version, from a wrong statement (a bug)."""

from __future__ import annotations

import sqlite3

from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout

_SQLITE_AWAY = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_READONLY,
}
_POSTGRES_AWAY = ("08", "25P03", "53", "57P", "40001", "40P01")
"""SQLSTATE prefixes: connection, idle too long, resources, shutdown, and the two conflicts that a repeat resolves."""
_SQLITE_BEHIND, _POSTGRES_BEHIND = ("no such table", "no such column"), ("42P01", "42703")
_ASYNCPG_AWAY = ("connection", "not connected", '"failed" state')
"""What asyncpg says, without a SQLSTATE, of a connection that is gone: closed already, or its end was read but the
socket is not closed yet (the "failed" state of its protocol)."""


def is_disconnect(error: BaseException) -> bool:
    """Return whether `error` says that the database is lost or busy: a repeat may succeed."""
    if isinstance(error, PoolTimeout | ConnectionError | TimeoutError):
        return True
    if isinstance(error, DBAPIError):
        return error.connection_invalidated or any(_is_away(cause) for cause in _causes(error))
    return _is_away(error)


def is_behind(error: BaseException) -> bool:
    """Return whether `error` says that a table or a column is not there: the database is of another version."""
    if not isinstance(error, DBAPIError):
        return False
    words = str(error.orig).lower()
    state = next((found for cause in _causes(error) if (found := getattr(cause, "sqlstate", None))), None)
    return state in _POSTGRES_BEHIND or words.startswith(_SQLITE_BEHIND)


def _causes(error: BaseException) -> list[BaseException]:
    found: list[BaseException] = []
    cause: BaseException | None = error.__cause__
    while cause is not None and cause not in found:
        found.append(cause)
        cause = cause.__cause__
    return found


def _is_away(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        # The low byte is the primary code; extended codes refine it.
        return (getattr(error, "sqlite_errorcode", 0) & 0xFF) in _SQLITE_AWAY
    if isinstance(error, OSError):
        return True
    state = getattr(error, "sqlstate", None)
    if isinstance(state, str):
        return state.startswith(_POSTGRES_AWAY)
    words = str(error).lower()
    return type(error).__module__.startswith("asyncpg") and any(part in words for part in _ASYNCPG_AWAY)
