"""Making the demo township, in a process of its own where that works.

`python -m bot.local.first` makes it in the database of the settings.
"""

from __future__ import annotations

import asyncio

from bot.local.apart import Maker, begin, ended
from bot.local.demo.places import stored_id
from bot.memory import uncollected
from bot.opening import open_database
from bot.settings import Settings
from models.migrations.upgrade import is_current, upgrade
from models.rules.clock import Clock, MovableClock
from models.store.database import Database
from scheduler.planner import Planner


async def prepare(database: Database, settings: Settings, clock: Clock, maker: Maker | None) -> None:
    """Bring the tables up to date and make the township, unless all is there or `maker` makes it."""
    if maker is None:
        if await _is_made(database, settings):
            return
        maker = begin(settings)
    await ended(maker)
    if not await _is_made(database, settings):
        # The other process failed: then it fails here too, where somebody is told why.
        await make(database, settings, clock)


async def _is_made(database: Database, settings: Settings) -> bool:
    if not await is_current(settings.database):
        return False
    async with database.reading() as session:
        return await stored_id(session) is not None


async def make(database: Database, settings: Settings, clock: Clock) -> None:
    """Bring the tables up to date and make the township in this process."""
    from bot.local.demo.seeding import seed  # only who makes it needs what it is made of

    await upgrade(settings.database)
    await seed(database, clock, settings.demo_seed, settings.demo_residents)


async def _main() -> None:
    settings, clock = Settings(), MovableClock()
    database = open_database(settings, clock)
    with uncollected():
        await make(database, settings, clock)
    # What there is to say at first is much: to plan it takes memory, which would stay with whoever goes on.
    await Planner(database).run()
    await database.close()


if __name__ == "__main__":
    asyncio.run(_main())
