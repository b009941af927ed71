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


class Pencil(Protocol):
    """A process that draws one sheet: what we use of `asyncio.subprocess.Process`."""

    @property
    def returncode(self) -> int | None:
        """How it ended; `None` while it runs."""
        ...

    async def communicate(self, input: bytes | None = None) -> tuple[bytes, bytes]:
        """Hand it a packed sheet and return what it draws, and nothing else."""
        ...

    def kill(self) -> None:
        """End it."""
        ...

    async def wait(self) -> int:
        """Wait for its end."""
        ...


Draw = Callable[[Drawable], Awaitable[bytes]]


def pack(sheet: Drawable) -> bytes:
    """Return `sheet` as bytes for a drawing process. Nobody else may read them: reading can run what they say."""
    return pickle.dumps(sheet)


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
    pencil = await start(loads)

    async def draw(sheet: Drawable) -> bytes:
        return await use(pencil, pack(sheet))

    try:
        yield draw
    finally:
        await put_away(pencil)


async def start(loads: Sequence[str] = ()) -> Pencil:
    """Start a process that loads the modules `loads` and then waits for a sheet.

    Ctrl-C does not reach it: what is owed is still drawn then. It ends when nobody can hand it a sheet any more.

    Raises:
        NotDrawn: there is no memory for it.
    """
    module = ("-m", "models.files.aside", *loads)
    pipe = asyncio.subprocess.PIPE
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable, *module, stdin=pipe, stdout=pipe, start_new_session=True
        )
    except OSError as error:
        raise NotDrawn(error.errno) from None


async def use(pencil: Pencil, packed: bytes) -> bytes:
    """Return what a packed sheet draws.

    Raises:
        NotDrawn: there was no memory, or no font, or the sheet is of another version.
    """
    content, _ = await pencil.communicate(packed)
    if pencil.returncode:
        raise NotDrawn(pencil.returncode)
    return content


async def put_away(pencil: Pencil) -> None:
    """End a process that is not needed any more."""
    if pencil.returncode is None:
        pencil.kill()
        await pencil.wait()


def _main(loads: Sequence[str]) -> None:
    for name in loads:
        import_module(name)
    packed = sys.stdin.buffer.read()
    if packed:  # nothing comes when whoever started this process has died
        drawing: Drawable = pickle.loads(packed)  # noqa: S301 - packed by the bot, and sealed where it was stored
        sys.stdout.buffer.write(drawing.content())


if __name__ == "__main__":
    _main(sys.argv[1:])
