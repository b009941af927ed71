"""A database that is away is told from a statement that is wrong."""

from __future__ import annotations

import sqlite3

import asyncpg
import pytest
from sqlalchemy.exc import DBAPIError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from models.store.lost import is_disconnect


class Refused(Exception):
    """Stands for an error of asyncpg with its SQLSTATE."""

    def __init__(self, sqlstate: str) -> None:
        super().__init__("x")
        self.sqlstate = sqlstate


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("x")
    error.sqlite_errorcode = code
    return error


def wrapped(cause: BaseException, kind: type[DBAPIError] = OperationalError) -> DBAPIError:
    error = kind("SELECT 1", None, cause)  # type: ignore[arg-type]
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "error",
    [
        ConnectionRefusedError(),
        TimeoutError(),
        PoolTimeout(),
        OSError("No such file"),
        Refused("08006"),
        Refused("57P01"),
        Refused("53300"),
        Refused("40P01"),
        asyncpg.InternalClientError('cannot switch to state 11; protocol is in the "failed" state'),
        asyncpg.InternalClientError("not connected"),
        asyncpg.InterfaceError("connection is closed"),
        wrapped(Refused("57P03")),
        wrapped(sqlite_error(sqlite3.SQLITE_BUSY)),
        wrapped(sqlite_error(sqlite3.SQLITE_FULL)),
        wrapped(sqlite_error(sqlite3.SQLITE_IOERR_FSYNC)),
    ],
    ids=repr,
)
def test_away(error: BaseException) -> None:
    assert is_disconnect(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError(),
        KeyError("x"),
        Refused("23505"),
        Refused("42601"),
        asyncpg.InternalClientError("cannot switch to state 11; another operation (2) is in progress"),
        asyncpg.InterfaceError("cannot perform operation: another operation is in progress"),
        wrapped(Refused("23505"), IntegrityError),
        wrapped(sqlite_error(sqlite3.SQLITE_CONSTRAINT), IntegrityError),
        wrapped(sqlite_error(sqlite3.SQLITE_ERROR)),
    ],
    ids=repr,
)
def test_a_bug(error: BaseException) -> None:
    assert not is_disconnect(error)
