"""Play the two months, photograph each kind of message as it first arrives, and write `docs/two-months.md`."""

from __future__ import annotations

import asyncio
from pathlib import Path
from tempfile import TemporaryDirectory

from aiohttp import ClientSession

from tests.e2e.phone import PHONE, chromium, local_mode
from tests.e2e.screenshots import window
from tests.e2e.two_months import pages, story
from tests.e2e.two_months.camera import Album
from tests.e2e.two_months.story import AFTER, ON_DAY, Cast
from tests.e2e.two_months.watching import Watch

DAYS = 64
HOURS = ("09:00", "11:01", "18:01", "08:00")
"""At which something may come; the last one is the next day's."""


async def main() -> None:
    """Play, photograph, write."""
    with TemporaryDirectory() as folder:
        async with local_mode(Path(folder)) as local, chromium() as browser, ClientSession() as http:
            watch = Watch(http, local.address, Path(folder) / "data" / "local.sqlite3")
            async with window(browser, local.address, PHONE) as camera:
                album = Album(camera.page, watch)
                await play(Cast(http, local.address, watch), album)
    pages.write(album.shots)


async def play(cast: Cast, album: Album) -> None:
    """Let the days pass, hour by hour where something comes."""
    await story.begin(cast)
    await cast.watch.move(to="08:00")
    album.skip()  # on the first morning the bot tells late what it had told before, had it been there
    for day in range(1, DAYS + 1):
        for hour in HOURS:
            await cast.watch.move(to=hour)
            for name in await album.look():
                if name in AFTER:
                    await AFTER[name](cast)
                    await cast.watch.settled()
                    await album.look()
            for act in ON_DAY.get(day, ()) if hour == "09:00" else ():
                await act(cast)
                await cast.watch.settled()
                await album.look()


if __name__ == "__main__":
    asyncio.run(main())
