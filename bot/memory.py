"""Giving memory back that only the start needed."""

from __future__ import annotations

import contextlib
import ctypes
import gc


def settle() -> None:
    """Take everything that is there for good out of the collector's rounds. Once in a process, after its start."""
    gc.collect()
    gc.freeze()


def give_back() -> None:
    """Collect garbage and hand free memory back to the system, where its C library can (glibc)."""
    gc.collect()
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").malloc_trim(0)
