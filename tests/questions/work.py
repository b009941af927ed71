"""How much work something takes, the same on every machine: what it calls is counted, not how long it lasts."""

from __future__ import annotations

import sys
from collections.abc import Callable
from types import FrameType

_CALLED = frozenset({"call", "c_call"})


def calls(work: Callable[[], object]) -> int:
    """Return how many functions are called until `work` returns."""
    count = 0

    def note(_frame: FrameType, event: str, _about: object) -> None:
        nonlocal count
        count += event in _CALLED

    before = sys.getprofile()
    sys.setprofile(note)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count
