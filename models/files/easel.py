"""Where sheets are drawn after their answers are committed: side by side but few, one process kept ready meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from models.files import aside
from models.files.aside import NotDrawn, Pencil

KEPT = 300.0
"""Seconds for which a process waits for who is likely to ask for a picture; it holds about 60 MB."""
LONGEST = 30.0
"""Seconds that a drawing may take."""
_AT_ONCE = 2


class Easel:
    """Draws sheets, each in a process of its own."""

    def __init__(self, loads: Sequence[str] = (), *, kept: float = KEPT, longest: float = LONGEST) -> None:
        """Keep a process that has loaded the modules `loads` ready for `kept` seconds when it is asked for."""
        self._loads = loads
        self._kept = kept
        self._longest = longest
        self._room = asyncio.Semaphore(_AT_ONCE)
        self._spare: asyncio.Task[Pencil] | None = None
        self._expiry: asyncio.TimerHandle | None = None
        self._ending: set[asyncio.Task[None]] = set()

    def warm(self) -> None:
        """Have a process ready: somebody is likely to ask for a picture soon."""
        loop = asyncio.get_running_loop()
        if self._spare is None:
            self._spare = loop.create_task(aside.start(self._loads))
        if self._expiry is not None:
            self._expiry.cancel()
        self._expiry = loop.call_later(self._kept, self._let_go)

    async def draw(self, packed: bytes) -> bytes:
        """Return what a packed sheet draws; what fails is tried once more.

        Raises:
            NotDrawn: there was no memory or no time, or the sheet is of another version.
        """
        async with self._room:
            try:
                return await self._drawn(packed)
            except NotDrawn:  # a process that waited long may have been ended for its memory
                return await self._drawn(packed)

    async def close(self) -> None:
        """Leave no process behind."""
        self._let_go()
        await asyncio.gather(*self._ending, return_exceptions=True)

    async def _drawn(self, packed: bytes) -> bytes:
        spare = self._take()
        pencil = await (spare or aside.start())  # which loads what this very sheet needs
        try:
            async with asyncio.timeout(self._longest):
                return await aside.use(pencil, packed)
        except (TimeoutError, ConnectionError) as error:
            raise NotDrawn(type(error).__name__) from None
        finally:
            await aside.put_away(pencil)

    def _take(self) -> asyncio.Task[Pencil] | None:
        spare, self._spare = self._spare, None
        if self._expiry is not None:
            self._expiry.cancel()
            self._expiry = None
        return spare

    def _let_go(self) -> None:
        spare = self._take()
        if spare is not None:
            ending = asyncio.get_running_loop().create_task(_end(spare))
            self._ending.add(ending)
            ending.add_done_callback(self._ending.discard)


async def _end(spare: asyncio.Task[Pencil]) -> None:
    try:
        await aside.put_away(await spare)
    except NotDrawn:
        return
