"""How much of what is kept back can be worked out: generated townships, every answer of a quarter, whole numbers."""

from __future__ import annotations

import time
from collections import Counter
from itertools import count, product

from models.rules.disclosure import is_small
from tests.benchmarks.tables import table
from tests.factories.atoms import DUE, OVERDUE, World
from tests.factories.listener import Listener
from tests.unit.rules.test_joined_tables import COUNTS

MINUTES = 2
VILLAGES = (2, 3, 4, 5)
_HEAD = (
    "townships",
    "small counts",
    "known to be small, as told",
    "known otherwise",
    "one of two numbers",
    "worked out",
)


def leaks(minutes: float = MINUTES) -> None:
    """Print a table of what was found in so many minutes, and each small count that was worked out."""
    found: Counter[str] = Counter()
    end = time.monotonic() + minutes * 60
    for seed, villages, many in ((seed, *each) for seed in count() for each in product(VILLAGES, COUNTS)):
        if time.monotonic() > end:
            break
        world = World(seed, COUNTS[many], villages)
        for key, width in _widths(found, world).items():
            print(f"worked out: seed {seed}, {many}, {villages} villages: {key}, one of {width}")
    rows = [tuple(f"{found[name]:,}" for name in ("townships", "small", "told", "other", "two", "one"))]
    table(f"What can be worked out, in {minutes:g} minutes", _HEAD, rows)


def _widths(found: Counter[str], world: World) -> dict[tuple[object, ...], int]:
    """Add a township to the counts; returns small counts of which only one or two numbers are left."""
    listener = Listener(world)
    found["townships"] += 1
    found["small"] += sum(is_small(world.count(atoms)) for atoms in listener.targets().values())
    narrow: dict[tuple[object, ...], int] = {}
    for key, (least, most) in listener.known().items():
        found["told" if key[0] in ((OVERDUE, 0), (DUE, 0)) else "other"] += 1
        if most - least < 2:
            narrow[key] = most - least + 1
            found["two" if most > least else "one"] += 1
    return narrow
