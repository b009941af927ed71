"""The demo township, made once and copied for every test."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from models.rules.access import Actor, Role
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring
from tests import shared
from tests.conftest import KEYS, MONDAY
from tests.integration.local.demo import actor


@dataclass(frozen=True, slots=True)
class Making:
    """What it took to make the whole demo in a process of its own: its peak of memory in MB, and what it imported."""

    megabytes: int
    has_pinyin: bool


@pytest.fixture(scope="session")
def made(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Making]:
    """A SQLite file with the whole demo, of `MONDAY`."""

    def make(path: Path) -> Making:
        shutil.copyfile(sqlite_template, path)
        command = (sys.executable, "-c", _MAKE, f"sqlite+aiosqlite:///{path}", KEYS, MONDAY.isoformat())
        megabytes, has_pinyin = subprocess.run(command, check=True, stdout=subprocess.PIPE).stdout.split()
        return Making(int(megabytes), has_pinyin == b"True")

    return shared.once(tmp_path_factory, "demo.db", make)


_MAKE = """
import asyncio, sys
from datetime import datetime
from pathlib import Path
from bot.local.demo.seeding import seed
from models.rules.clock import MovableClock
from models.store.database import Database
from models.store.keyring import Keyring

async def main(url, keys, now):
    database = Database(url, Keyring.parse(keys), MovableClock(datetime.fromisoformat(now)))
    await seed(database, database.clock)
    await database.close()

asyncio.run(main(*sys.argv[1:]))
peak = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
print(int(peak.split()[1]) // 1024, "pypinyin" in sys.modules)
"""
"""Prints the peak of memory in MB (not what the parent's was), and whether the pinyin dictionary was loaded."""


@pytest.fixture
async def demo(
    made: tuple[Path, Making], tmp_path: Path, keyring: Keyring, clock: MovableClock
) -> AsyncIterator[Database]:
    """The whole demo township, in a file of its own."""
    path = tmp_path / "demo.db"
    shutil.copyfile(made[0], path)
    database = Database(f"sqlite+aiosqlite:///{path}", keyring, clock)
    yield database
    await database.close()


@pytest.fixture
async def clinic(demo: Database) -> Actor:
    async with demo.transaction() as session:
        return await actor(session, Role.CLINIC)
