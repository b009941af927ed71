"""A process of its own that makes the demo township, and takes along the memory that only this needs.

It may begin before anything else is loaded: whoever waits for it loads its own libraries meanwhile.
"""

from __future__ import annotations

import asyncio
import subprocess
import sys

import typer

from bot.keys import keyring
from bot.settings import Settings

Maker = subprocess.Popen[bytes]
_LOOK_EVERY_S = 0.05


def begin_early(settings: Settings) -> Maker | None:
    """Begin to make the township when there is no database yet."""
    if settings.database_url is not None or settings.database_file.exists():
        return None
    keyring(settings)  # or both processes would write the same file
    return begin(settings)


def begin(settings: Settings) -> Maker:
    """Begin to make the township, and say so."""
    many = f"{settings.demo_residents:,}"
    typer.echo(f"\n  Making the demo township, with {many} synthetic people. This is once, and takes some seconds.")
    quiet = subprocess.DEVNULL
    return subprocess.Popen([sys.executable, "-m", "bot.local.first"], stdout=quiet, stderr=quiet)


async def ended(maker: Maker) -> None:
    """Wait until the process has ended; who stops waiting ends it."""
    try:
        while maker.poll() is None:  # noqa: ASYNC110 - nobody tells of a process that asyncio did not start
            await asyncio.sleep(_LOOK_EVERY_S)
    finally:
        maker.kill()
