"""Sealing everything anew with the current key."""

from __future__ import annotations

from bot.opening import open_database
from bot.settings import Settings
from models.store import rotation


async def rotate(settings: Settings) -> int:
    """Seal in batches, so that the bot can go on working meanwhile, and return how many rows it were."""
    database = open_database(settings)
    total = 0
    try:
        while True:
            async with database.transaction() as session:
                done = await rotation.rotate(session)
            if not done:
                return total
            total += done
    finally:
        await database.close()
