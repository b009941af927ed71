"""Drawing in a process of its own, which takes all the memory that fonts and pictures need along when it ends."""

from __future__ import annotations

import asyncio
import pickle
import sys
from typing import Protocol


class Drawable(Protocol):
    """What can be drawn: everything that is on it, and how."""

    def content(self) -> bytes:
        """Return the file."""
        ...


class NotDrawn(Exception):
    """The drawing process failed; what it said is in its own log lines."""


async def drawn(sheet: Drawable) -> bytes:
    """Return what `sheet` draws: a PNG, a PDF.

    Raises:
        NotDrawn: there was no memory, or no font.
    """
    module = ("-m", "models.files.aside")
    pipe = asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(sys.executable, *module, stdin=pipe, stdout=pipe)
    picture, _ = await process.communicate(pickle.dumps(sheet))
    if process.returncode:
        raise NotDrawn(process.returncode)
    return picture


if __name__ == "__main__":
    drawing: Drawable = pickle.load(sys.stdin.buffer)  # noqa: S301 - from the process that started this one
    sys.stdout.buffer.write(drawing.content())
