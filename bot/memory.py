"""Giving memory back that only the start needed."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def settle() -> None:
    """Give back what only the start needed, and take the rest out of the collector's rounds. Once in a process."""
    give_back()
    gc.freeze()


def give_back() -> None:
    """Collect garbage and hand free memory back to the system, where its C library can (glibc)."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
