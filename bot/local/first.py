"""Making the demo township in a process of its own, which takes along the memory that only this needs.

`python -m bot.local.first` makes it in the database of the settings.
"""

from __future__ import annotations

import asyncio
import sys

from bot.local.demo import seed
from bot.opening import open_database
from bot.settings import Settings
from models.migrations.upgrade import is_current, upgrade
from models.rules.clock import Clock, MovableClock
from models.store.database import Database
from scheduler.planner import Planner


async def prepare(database: Database, settings: Settings, clock: Clock) -> None:
    """Bring the tables up to date and make the township, unless all is there."""
    if not await is_current(settings.database):
        await _apart()
    # Nothing is left to do, unless the other process failed: then it fails here too, where somebody is told why.
    await make(database, settings, clock)


async def make(database: Database, settings: Settings, clock: Clock) -> None:
    """Bring the tables up to date and make the township in this process."""
    await upgrade(settings.database)
    await seed(database, clock, settings.demo_seed, settings.demo_residents)


async def _apart() -> None:
    quiet = asyncio.subprocess.DEVNULL
    process = await asyncio.create_subprocess_exec(sys.executable, "-m", __name__, stdout=quiet, stderr=quiet)
    try:
        await process.wait()
    finally:
        if process.returncode is None:
            process.kill()


async def _main() -> None:
    settings, clock = Settings(), MovableClock()
    database = open_database(settings, clock)
    await make(database, settings, clock)
    # What there is to say at first is much: to plan it takes memory, which would stay with whoever goes on.
    await Planner(database).run()
    await database.close()


if __name__ == "__main__":
    asyncio.run(_main())
