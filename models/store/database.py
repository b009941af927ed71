"""The database: one transaction per use case, on SQLite or PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from functools import partial, wraps
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar

from sqlalchemy import CursorResult, Executable, Row, Select
from sqlalchemy.dialects.sqlite import Insert as SqliteInsert
from sqlalchemy.exc import DBAPIError

from models.rules.clock import Clock
from models.rules.programmes.catalogue import Catalogue
from models.store import engines
from models.store.directories import Directories
from models.store.drivers import NotCommittedError, SqliteDriver
from models.store.engines import SQLITE_READERS, normal_url, writing_engine
from models.store.hot import Hot
from models.store.keyring import Keyring
from models.store.lost import is_disconnect
from models.store.pool import Line, Pool
from models.store.vault import Vault

if TYPE_CHECKING:
    from sqlalchemy.dialects.postgresql import Insert as PostgresInsert

__all__ = [
    "AnyRow",
    "Database",
    "NotCommittedError",
    "StoreSession",
    "is_disconnect",
    "normal_url",
    "whole",
    "writing_engine",
]

_P = ParamSpec("_P")
_T = TypeVar("_T")
AnyRow = Row[*tuple[Any, ...]]
Catalogues = dict[int, tuple[int, Catalogue]]
"""Townships' programmes that this process has read: their revision, and what they are."""
_Params = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


class StoreSession:
    """A transaction, with what store functions need beside it. It never commits by itself.

    It is a thin layer over a connection: store functions read columns, not mapped objects, because loading
    objects costs more than everything else that an answer to a form does. The transaction begins with the
    first statement. `has_planned` says that it has put something into the outbox, `has_redrawn` that a message that
    shows a roster is out of date.
    """

    __slots__ = (
        "_begun",
        "_connection",
        "_dialect",
        "_driver",
        "_savepoints",
        "catalogues",
        "clock",
        "directories",
        "has_planned",
        "has_redrawn",
        "is_postgres",
        "vault",
    )

    def __init__(
        self, line: Line, vault: Vault, clock: Clock, directories: Directories, catalogues: Catalogues
    ) -> None:
        """Use the connection of `line`."""
        self._connection = line.connection
        self._driver = line.driver
        self._dialect = line.connection.dialect
        self._begun = False
        self._savepoints = 0
        self.has_planned = self.has_redrawn = False
        self.vault = vault
        self.clock = clock
        self.directories = directories
        self.catalogues = catalogues
        self.is_postgres = self._dialect.name == "postgresql"

    def now(self) -> datetime:
        """Return the present moment, aware, in UTC."""
        return self.clock.now()

    async def lock(self, number: int) -> None:
        """Wait until no other transaction holds the lock of that number; SQLite has one writer anyway."""
        if self._begun:
            await self._driver.lock(number)
        else:
            self._begun = True
            await self._driver.begin(number)

    async def hot(self, statement: Hot, params: Mapping[str, Any]) -> list[Sequence[Any]]:
        """Run a statement of every update and return its rows.

        Raises:
            sqlalchemy.exc.DBAPIError: what the database refuses.
        """
        await self._begin()
        prepared = statement.prepared(self._dialect)
        found = await self._driver.fetch(prepared.sql, prepared.values(params))
        return [prepared.row(row) for row in found]

    async def execute(self, statement: Executable, params: _Params = None) -> CursorResult[Any]:
        """Run `statement`; a sequence of `params` runs it once for each."""
        await self._begin()
        return await self._driver.through(self._connection.execute(statement, params))

    async def rows(self, statement: Select[*tuple[Any, ...]], params: _Params = None) -> Sequence[AnyRow]:
        """Return all rows."""
        return (await self.execute(statement, params)).all()

    async def row(self, statement: Executable, params: _Params = None) -> AnyRow | None:
        """Return the first row, or `None`."""
        return (await self.execute(statement, params)).first()

    async def scalar(self, statement: Executable, params: _Params = None) -> Any:
        """Return the first column of the first row, or `None`."""
        return (await self.execute(statement, params)).scalar()

    async def changed(self, statement: Executable, params: _Params = None) -> int:
        """Run an UPDATE or DELETE and return how many rows it met."""
        return (await self.execute(statement, params)).rowcount

    @asynccontextmanager
    async def savepoint(self) -> AsyncIterator[None]:
        """Open a part of the transaction that is rolled back by itself when it raises."""
        await self._begin()
        self._savepoints += 1
        name = f"part_{self._savepoints}"
        await self._driver.run(f"SAVEPOINT {name}")
        try:
            yield
        except Exception as error:  # what cancels the part (a BaseException) ends the whole transaction anyway
            with suppress(*((DBAPIError,) if isinstance(error, DBAPIError) else ())):
                await self._driver.run(f"ROLLBACK TO {name}")
            raise
        await self._driver.run(f"RELEASE {name}")

    async def commit(self) -> None:
        """Commit; for `Database` only."""
        if self._begun:
            await self._driver.commit()

    async def rollback(self) -> None:
        """Roll back; for `Database` only."""
        if self._begun:
            await self._driver.rollback()

    async def _begin(self) -> None:
        if not self._begun:
            self._begun = True
            await self._driver.begin(None)

    def insert_or_ignore(self, model: type[Any], unique: Sequence[str]) -> Executable:
        """Return an INSERT into `model` that does nothing when the `unique` columns are taken."""
        return self.insert(model).on_conflict_do_nothing(index_elements=unique)

    def insert(self, into: Any) -> PostgresInsert | SqliteInsert:
        """Return an INSERT that can say what happens when the row is there."""
        if not self.is_postgres:
            return SqliteInsert(into)
        from sqlalchemy.dialects.postgresql import Insert  # takes 2 MB, which local mode can spare

        return Insert(into)


def whole(
    use_case: Callable[Concatenate[StoreSession, _P], Coroutine[Any, Any, _T]],
) -> Callable[Concatenate[StoreSession, _P], Coroutine[Any, Any, _T]]:
    """Make a use case happen as a whole or not at all, even if the caller goes on after its refusal."""

    @wraps(use_case)
    async def in_savepoint(session: StoreSession, /, *args: _P.args, **kwargs: _P.kwargs) -> _T:
        async with session.savepoint():
            return await use_case(session, *args, **kwargs)

    return in_savepoint


class Database:
    """Opens transactions."""

    def __init__(self, url: str, keyring: Keyring, clock: Clock, *, pool_size: int = 16) -> None:
        """Prepare to connect to `url`; nothing is opened before the first transaction.

        `pool_size` bounds connections to PostgreSQL; further transactions wait for one (up to 60 s). `planned` is
        set whenever a transaction that planned a message has committed, `redrawn` when a roster has changed; who
        waits for one of them clears it.
        """
        self.url = normal_url(url)
        self.vault = Vault(keyring)
        self.clock = clock
        self.directories = Directories()
        self.planned, self.redrawn = asyncio.Event(), asyncio.Event()
        self.catalogues: Catalogues = {}
        if self.is_postgres:
            from models.store.postgres_driver import PostgresDriver  # asyncpg takes 3 MB, which local mode can spare

            engine = engines.postgres(self.url, pool_size, autocommit=True)
            self._writers = self._readers = Pool(engine, pool_size, PostgresDriver)
        else:
            self._writers = Pool(engines.sqlite(self.url, writes=True, autocommit=True), 1, SqliteDriver)
            readers = engines.sqlite(self.url, writes=False, autocommit=True)
            self._readers = Pool(readers, SQLITE_READERS, partial(SqliteDriver, writes=False))

    @property
    def is_postgres(self) -> bool:
        """Whether several processes may share this database."""
        return self.url.get_backend_name() == "postgresql"

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[StoreSession]:
        """Open a transaction that commits when the block ends and rolls back when it raises.

        Raises:
            NotCommittedError: a statement had failed and the block went on as if it had not.
        """
        async with self._session(self._writers) as session:
            yield session
            await session.commit()
            if session.has_planned:
                self.planned.set()
            if session.has_redrawn:
                self.redrawn.set()

    @asynccontextmanager
    async def reading(self) -> AsyncIterator[StoreSession]:
        """Open a transaction that only reads, beside any writer. Person reads are audited: they write."""
        async with self._session(self._readers) as session:
            yield session
            await session.rollback()

    async def close(self) -> None:
        """Close every connection that no transaction is using."""
        await self._writers.close()
        if self._readers is not self._writers:
            await self._readers.close()

    @asynccontextmanager
    async def _session(self, pool: Pool) -> AsyncIterator[StoreSession]:
        line = await pool.take()
        session = StoreSession(line, self.vault, self.clock, self.directories, self.catalogues)
        is_clean = False
        try:
            yield session
            is_clean = True
        except BaseException:
            is_clean = await _rolled_back(session)
            raise
        finally:
            await pool.give_back(line, is_clean=is_clean)


async def _rolled_back(session: StoreSession) -> bool:
    """Roll back after an error, and return whether that worked."""
    try:
        await session.rollback()
    except Exception:
        return False
    return True
