"""Every count of a township that readers outside the team mustn't be able to work out where it is small."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from itertools import product

from tests.factories.atoms import (
    CELLS,
    DONE,
    FOLLOWS,
    FRESH,
    MEDIANS,
    STOCKS,
    TOWNSHIP,
    UNANSWERED,
    WEEKS,
    Atom,
    World,
)

Key = tuple[object, ...]
"""What is counted, and where or when, `None` for everywhere or the whole quarter."""


def counts(world: World) -> dict[Key, list[Atom]]:
    """Return the atoms of each: what is told where it isn't small, and what would follow by subtraction."""
    found = defaultdict[Key, list[Atom]](list)
    for part in (_cells, _rests, _of_medians, _of_last):
        for key, atoms in part(world):
            found[key] += atoms
    return found


def _cells(world: World) -> Iterator[tuple[Key, list[Atom]]]:
    for cell in CELLS:
        is_stock = cell[0] in STOCKS
        for month in world.ends(cell[0]) if is_stock else world.months:
            for place in world.places(cell[0]):
                for key in product((cell,), (place, None), (month,) if is_stock else (month, None)):
                    yield key, world.members(cell, place, month)


def _rests(world: World) -> Iterator[tuple[Key, list[Atom]]]:
    """Yield what `done` has more than what is taken off it."""
    for (what, less), village, month in product(FOLLOWS.items(), world.villages, world.months):
        atoms = [atom for atom in world.members((DONE, 0), village, month) if atom[0] not in less]
        for key in product((what,), (village, None), (month, None)):
            yield key, atoms


def _of_medians(world: World) -> Iterator[tuple[Key, list[Atom]]]:
    for code, month in product(MEDIANS, world.months):
        for each in (month, None):
            yield ("median", code, each), world.of_median(code, month)


def _of_last(world: World) -> Iterator[tuple[Key, list[Atom]]]:
    """Yield who gave no answer, the last weeks' services, and what has become overdue in the last one."""
    for month in world.months:
        yield (UNANSWERED, month), [(UNANSWERED, TOWNSHIP, month)]
    for what, village in product(WEEKS, world.villages):
        yield (what,), [(what, village, world.last)]
    for what, village in product(FRESH, world.villages):
        for key in ((FRESH, village), (FRESH, None)):
            yield key, [(what, village, world.last)]
