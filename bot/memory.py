"""Giving memory back that only the start needed."""

from __future__ import annotations

import contextlib
import ctypes
import gc
from collections.abc import Iterator


@contextlib.contextmanager
def uncollected() -> Iterator[None]:
    """Collect no garbage in the block where hardly any is made: looking for it takes a tenth of the time."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def settle() -> None:
    """Give back what only the start needed, and take the rest out of the collector's rounds. Once in a process."""
    give_back()
    gc.freeze()


def give_back() -> None:
    """Collect garbage and hand free memory back to the system."""
    gc.collect()
    _trim()


async def trim() -> None:
    """Hand free memory back to the system: for a tick. It takes less than a millisecond."""
    _trim()


def _trim() -> None:
    """Hand free memory back where the C library can (glibc)."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
