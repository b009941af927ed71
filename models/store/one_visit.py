"""SQLite's driver with one visit to the connection's thread for each statement.

SQLAlchemy opens a cursor, runs a statement, fetches its rows and closes the cursor in visits of their own. A visit
costs more processor time than most statements: two threads wake each other.
"""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import aiosqlite
from sqlalchemy.dialects.sqlite.aiosqlite import (
    AsyncAdapt_aiosqlite_connection,
    AsyncAdapt_aiosqlite_cursor,
    AsyncAdapt_aiosqlite_dbapi,
)
from sqlalchemy.util import EMPTY_DICT, await_only


@dataclass(frozen=True, slots=True)
class _Outcome:
    """What came of a statement; the field names are those of a cursor."""

    description: Any = None
    rows: Sequence[Any] = ()
    rowcount: int = -1
    lastrowid: int | None = None


_NOTHING = _Outcome()
_Run = Callable[[sqlite3.Cursor, str, Any], Any]


def _visit(connection: sqlite3.Connection, run: _Run, sql: str, parameters: Any) -> _Outcome:
    """Run a statement to its end; called in the connection's thread."""
    cursor = connection.cursor()
    try:
        run(cursor, sql, parameters)
        rows = cursor.fetchall() if cursor.description else ()
        return _Outcome(cursor.description, rows, cursor.rowcount, cursor.lastrowid)
    finally:
        cursor.close()


class _Cursor(AsyncAdapt_aiosqlite_cursor):
    """A cursor that is opened with its statement and closed by the end of it."""

    __slots__ = ("_outcome",)

    def __init__(self, adapt_connection: AsyncAdapt_aiosqlite_connection) -> None:
        """Open nothing yet."""
        self._adapt_connection = adapt_connection
        self._connection = adapt_connection._connection
        self._cursor = None  # type: ignore[assignment]
        self._soft_closed_memoized = EMPTY_DICT
        self._rows = deque()
        self._outcome = _NOTHING

    @property
    def description(self) -> Any:
        """The columns of the rows, `None` if there are none."""
        return self._outcome.description

    @property
    def rowcount(self) -> int:
        """How many rows were changed."""
        return self._outcome.rowcount

    @property
    def lastrowid(self) -> Any:
        """The number of the row that was inserted last."""
        return self._outcome.lastrowid

    async def _async_soft_close(self) -> None:
        """Do nothing: it is closed."""

    def execute(self, operation: Any, parameters: Any = None) -> Any:
        """Run a statement and fetch its rows."""
        self._run(sqlite3.Cursor.execute, operation, () if parameters is None else parameters)

    def executemany(self, operation: Any, seq_of_parameters: Any) -> Any:
        """Run a statement for each of some parameters."""
        self._run(sqlite3.Cursor.executemany, operation, seq_of_parameters)

    def _run(self, run: _Run, sql: str, parameters: Any) -> None:
        driver = self._connection
        try:
            self._outcome = await_only(driver._execute(_visit, driver._conn, run, sql, parameters))
        except Exception as error:
            self._adapt_connection._handle_exception(error)
        self._rows = deque(self._outcome.rows)


class _Connection(AsyncAdapt_aiosqlite_connection):
    __slots__ = ()

    _cursor_cls = _Cursor  # type: ignore[assignment]


class OneVisit(AsyncAdapt_aiosqlite_dbapi):
    """The driver as SQLAlchemy asks for it; give it to an engine as its `module`."""

    def __init__(self) -> None:
        """Use aiosqlite and sqlite3."""
        super().__init__(aiosqlite, sqlite3)

    def connect(self, *arg: Any, **kw: Any) -> AsyncAdapt_aiosqlite_connection:
        """Open a connection in a thread of its own."""
        opened = super().connect(*arg, **kw)
        return _Connection(self, opened._connection)
