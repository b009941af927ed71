"""How much of what is kept back can be worked out: generated townships, every answer of a quarter, whole numbers."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from itertools import count, product

from models.rules.disclosure import LARGEST_SMALL, is_small
from tests.benchmarks.tables import table
from tests.factories import kept
from tests.factories.atoms import HALF, World
from tests.factories.care import CareWorld
from tests.factories.listener import Listener
from tests.factories.solver import Undecided
from tests.unit.rules.test_joined_tables import COUNTS, TOLD

MINUTES = 2
VILLAGES = (2, 3, 4, 5)
WORLDS: Mapping[str, Callable[[int, Sequence[int], int], World]] = {
    "everything": World,
    "no care, no births, no talks": partial(World, is_plain=True),
    "everything of a half-year": partial(World, period=HALF),
    "a half-year without care, births, talks": partial(World, period=HALF, is_plain=True),
    "care, month by month": CareWorld,
    "care, as if nobody joined or left": partial(CareWorld, is_closed=True),
}
"""The last one is what somebody guesses: in a township people join, and leave."""
_COLUMNS = ("townships", "undecided", "small", "told", "other", "two", "one")
_HEAD = (
    "what there is",
    "townships",
    "undecided",
    "small counts",
    "known to be 1 to 9, as told",
    "known otherwise",
    "one of two numbers",
    "worked out",
)


def leaks(minutes: float = MINUTES) -> None:
    """Print a table of what was found in so many minutes, and each small count that was worked out."""
    found: dict[str, Counter[str]] = {name: Counter() for name in WORLDS}
    end = time.monotonic() + minutes * 60
    for seed, villages, many, name in ((seed, *each) for seed in count() for each in product(VILLAGES, COUNTS, WORLDS)):
        if time.monotonic() > end:
            break
        for key, width in _widths(found[name], WORLDS[name](seed, COUNTS[many], villages)).items():
            print(f"{name}: worked out: seed {seed}, {many}, {villages} villages: {key}, one of {width}")
    rows = [(name, *(f"{one[column]:,}" for column in _COLUMNS)) for name, one in found.items()]
    table(f"What can be worked out, in {minutes:g} minutes", _HEAD, rows)


def _widths(found: Counter[str], world: World) -> dict[tuple[object, ...], int]:
    """Add a township to the counts; returns small counts of which only one or two numbers are left."""
    listener = Listener(world)
    narrow: dict[tuple[object, ...], int] = {}
    try:
        known = listener.known()
    except Undecided:
        found["undecided"] += 1
        return narrow
    found["townships"] += 1
    found["small"] += sum(is_small(world.count(atoms)) for atoms in kept.counts(world).values())
    for key, (least, most) in known.items():
        found["told" if key[0] in TOLD or (least, most) == (1, LARGEST_SMALL) else "other"] += 1
        if most - least < 2:
            narrow[key] = most - least + 1
            found["two" if most > least else "one"] += 1
    return narrow
