"""Drawing in a process of its own, which takes all the memory that fonts and pictures need along when it ends."""

from __future__ import annotations

import asyncio
import pickle
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from typing import Protocol


class Drawable(Protocol):
    """What can be drawn: everything that is on it, and how."""

    def content(self) -> bytes:
        """Return the file."""
        ...


class NotDrawn(Exception):
    """The drawing process failed; what it said is in its own log lines."""


Draw = Callable[[Drawable], Awaitable[bytes]]


async def drawn(sheet: Drawable) -> bytes:
    """Return what `sheet` draws: a PNG, a PDF.

    Raises:
        NotDrawn: there was no memory, or no font.
    """
    async with ready() as draw:
        return await draw(sheet)


@asynccontextmanager
async def ready(loads: Sequence[str] = ()) -> AsyncIterator[Draw]:
    """Start the process that draws one sheet. It loads the modules `loads` while what is to be drawn is read.

    Whoever draws nothing after all leaves nothing behind.
    """
    process = await _start(loads)

    async def draw(sheet: Drawable) -> bytes:
        picture, _ = await process.communicate(pickle.dumps(sheet))
        if process.returncode:
            raise NotDrawn(process.returncode)
        return picture

    try:
        yield draw
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()


async def _start(loads: Sequence[str]) -> asyncio.subprocess.Process:
    module = ("-m", "models.files.aside", *loads)
    pipe = asyncio.subprocess.PIPE
    return await asyncio.create_subprocess_exec(sys.executable, *module, stdin=pipe, stdout=pipe)


def _main(loads: Sequence[str]) -> None:
    for name in loads:
        import_module(name)
    drawing: Drawable = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    sys.stdout.buffer.write(drawing.content())


if __name__ == "__main__":
    _main(sys.argv[1:])
